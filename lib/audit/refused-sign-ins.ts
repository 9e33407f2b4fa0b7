/**
 * Sign-ins that were refused, counted: whoever guesses must not flush out of the audit what else was done. One entry for a
 * name and an address in an hour, written at its first refusal and kept up to date. Further names of an address have one
 * entry together, and so has what is beyond all bounds.
 */
import type { AuditLog } from './audit-log.ts';
import { keptText } from './kept-text.ts';

const WINDOW_MS = 3_600_000;
const NAMES_PER_ADDRESS_MAX = 10;
const SERIES_MAX = 200;
/** How far an entry may lag behind. */
const LAG_MS = 5_000;
const REST = 'rest';

export interface RefusedSignIn {
  user: string;
  address: string;
  /** How the sign-in came, for people, as 'by API'; '': by the console's form. */
  by: string;
  outcome: 'UNAUTHENTICATED' | 'TOO_MANY_ATTEMPTS';
}

/** What one entry counts. */
interface Series {
  /** Null: several. */
  user: string | null;
  address: string | null;
  by: string;
  /** The id of the series' entry; null: the entry could not be written. */
  id: Promise<number | null>;
  startedAtMs: number;
  lastAtMs: number;
  times: number;
  /** Sign-ins that were refused without a look at the password. */
  unseen: number;
  /** The detail that the entry has. */
  kept: string;
}

export class RefusedSignIns {
  private readonly audit: Pick<AuditLog, 'add' | 'amend'>;
  private readonly complain: (text: string) => void;
  /** The oldest first. */
  private readonly series = new Map<string, Series>();
  private timer: NodeJS.Timeout | null = null;
  private written: Promise<void> = Promise.resolve();

  constructor(audit: Pick<AuditLog, 'add' | 'amend'>, complain: (text: string) => void) {
    this.audit = audit;
    this.complain = complain;
  }

  note(tried: RefusedSignIn, nowMs: number): void {
    this.forgetOld(nowMs);
    const refused = { ...tried, user: keptText(tried.user) };
    const key = this.keyOf(refused);
    const series = this.series.get(key) ?? this.begin(key, refused, nowMs);
    series.times++;
    series.lastAtMs = nowMs;
    if (refused.outcome === 'TOO_MANY_ATTEMPTS') series.unseen++;
    this.timer ??= setTimeout(() => void this.write(), LAG_MS).unref();
  }

  /** Resolves when all that was noted is in the log, or was complained about. */
  async write(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.amend([...this.series.values()]);
    await this.written;
  }

  private keyOf({ user, address, by }: RefusedSignIn): string {
    const own = JSON.stringify([user, address, by]);
    if (this.series.has(own)) return own;
    const ofAddress = JSON.stringify([address]);
    if (this.series.has(ofAddress)) return ofAddress;
    if (this.series.size >= SERIES_MAX) return REST;
    const names = [...this.series.values()].filter((other) => other.address === address);
    return names.length < NAMES_PER_ADDRESS_MAX ? own : ofAddress;
  }

  private begin(key: string, { user, address, by, outcome }: RefusedSignIn, nowMs: number): Series {
    const isOfOne = key === JSON.stringify([user, address, by]);
    const counted = { times: 0, unseen: 0, startedAtMs: nowMs, lastAtMs: nowMs };
    const scope = {
      user: isOfOne ? user : null,
      address: key === REST ? null : address,
      by: isOfOne ? by : '',
    };
    const kept = detailOf({ ...scope, ...counted });
    const entry = { at: new Date(nowMs), action: 'session.sign-in', vhost: null, detail: kept, outcome };
    const added = this.audit.add({
      ...entry,
      user: scope.user ?? '',
      object: scope.user,
      remoteAddress: scope.address,
    });
    const series: Series = {
      ...scope,
      ...counted,
      kept,
      id: added.catch((error: unknown) => {
        this.complain(`audit: a refused sign-in could not be kept: ${String(error)}`);
        // The next one tries again.
        if (this.series.get(key) === series) this.series.delete(key);
        return null;
      }),
    };
    this.series.set(key, series);
    return series;
  }

  private forgetOld(nowMs: number): void {
    for (const [key, series] of this.series) {
      if (nowMs - series.startedAtMs < WINDOW_MS) return;
      this.series.delete(key);
      this.amend([series]);
    }
  }

  /** One after the other: an older count must not overtake a newer one. */
  private amend(many: readonly Series[]): void {
    this.written = this.written.then(async () => {
      for (const series of many) {
        const detail = detailOf(series);
        const id = detail === series.kept ? null : await series.id;
        if (id === null) continue;
        try {
          await this.audit.amend(id, { detail, outcome: outcomeOf(series) });
          series.kept = detail;
        } catch (error) {
          this.complain(`audit: a count of refused sign-ins could not be kept: ${String(error)}`);
        }
      }
    });
  }
}

/** The outcome of all sign-ins of a series: whether a password was looked at. */
function outcomeOf({ times, unseen }: Pick<Series, 'times' | 'unseen'>): RefusedSignIn['outcome'] {
  return unseen < times ? 'UNAUTHENTICATED' : 'TOO_MANY_ATTEMPTS';
}

/** The detail of an entry, as '2986 times until 2026-01-02 03:04:05 UTC, 2976 of them without a look at the password'. */
function detailOf({ user, by, times, unseen, lastAtMs }: Omit<Series, 'id' | 'kept'>): string {
  const until = new Date(lastAtMs).toISOString().replace('T', ' ').replace(/\..*/, ' UTC');
  const parts = [
    by,
    user === null ? 'with several names' : '',
    times <= 1 ? '' : `${times} times until ${until}`,
    times <= 1 || unseen === 0 ? '' : `${unseen} of them without a look at the password`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
