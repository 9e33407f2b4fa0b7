import type { AuditLog } from '../audit/audit-log.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { SignIns } from '../auth/sign-ins.ts';
import type { DeadLetterQueues } from '../deadletter/dead-letter-queues.ts';
import type { Actor, Engine, ExchangeInfo, QueueInfo } from '../engine/port.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { EventHub } from './event-hub.ts';

/** Who is signed in to the console: `lib/auth` knows. */
export type SessionBook = Pick<Sessions, 'list' | 'owner' | 'revoke'>;

/** What answering a request works with. */
export interface Desk {
  engine: Engine;
  metrics: Metrics;
  audit: Pick<AuditLog, 'add' | 'find'>;
  sessions: SessionBook;
  signIns: Pick<SignIns, 'signIn'>;
  listings: Listings;
  deadLetterQueues: DeadLetterQueues;
  events: EventHub;
  /** Of Prometheus; null: it has none of its own. */
  prometheusPort: number | null;
}

/** Two pages that poll in the same moment share one answer of the broker. */
const LISTING_AGE_MAX_MS = 400;

/** The broker's lists, asked for once by all who want them at about the same time. */
export class Listings {
  private readonly engine: Engine;
  private readonly held = new Map<string, { atMs: number; answer: Promise<unknown> }>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  queues(actor: Actor): Promise<QueueInfo[]> {
    return this.shared(`queues\0${actor.user}`, () => this.engine.listQueues(actor));
  }

  exchanges(actor: Actor): Promise<ExchangeInfo[]> {
    return this.shared(`exchanges\0${actor.user}`, () => this.engine.listExchanges(actor));
  }

  /** After any change: who made it must see it in the next list. */
  forget(): void {
    this.held.clear();
  }

  private shared<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const nowMs = Date.now();
    const held = this.held.get(key);
    if (held !== undefined && nowMs - held.atMs < LISTING_AGE_MAX_MS) return held.answer as Promise<T>;
    for (const [other, { atMs }] of this.held) if (nowMs - atMs >= LISTING_AGE_MAX_MS) this.held.delete(other);
    const answer = ask();
    this.held.set(key, { atMs: nowMs, answer });
    // A refusal is an answer for those who wait, not for those who come later.
    answer.catch(() => this.held.delete(key));
    return answer;
  }
}
