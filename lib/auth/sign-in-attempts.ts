/**
 * Wrong passwords, counted so that guessing is slow: by user and address together, so that a stranger elsewhere cannot lock
 * anybody out, and by address over all users. An attempt counts before its password is checked, so that many at once
 * are no way round. Owns no password: only salted digests, which die with the process.
 */
import { createHash, randomBytes } from 'node:crypto';

const WINDOW_MS = 60_000;
/** Wrong passwords of one user from one address, and times that the same wrong one may come, in a window. */
const PER_USER_MAX = 10;
/** Wrong names and passwords from one address. Users who have signed in from there before are not held up by it. */
const PER_ADDRESS_MAX = 50;
const ADDRESSES_MAX = 10_000;
const KNOWN_MAX = 10_000;
/** When there are too many addresses, one of the oldest few goes: that with the fewest failures. */
const EVICTED_FROM = 16;
/** So many failures may be a slip of the hand: nobody waits. After that the wait doubles. */
const UNDELAYED_MAX = 5;
const DELAY_MS = 100;
const DELAY_MS_MAX = 2_000;

export interface Credentials {
  user: string;
  password: string;
  /** An IP address, or whatever stands for where the attempt comes from. */
  address: string;
}

export interface Attempt {
  /** Too much went wrong before: the password must not be checked. */
  readonly isRefused: boolean;
  /** How long to wait before the password is checked, where nobody is refused for good; 0: not at all. */
  readonly delayMs: number;
  /** Call once. `undone`: the password was not checked. */
  end(outcome: 'passed' | 'failed' | 'undone', nowMs: number): void;
}

/** One wrong password of one user from one address. */
interface Failure {
  user: string;
  times: number;
  pending: number;
  lastMs: number;
}

export class SignInAttempts {
  private readonly salt = randomBytes(32);
  /** Failures by address, in the order of each address's last failure. */
  private readonly addresses = new Map<string, Map<string, Failure>>();
  /** Users by the addresses that they have signed in from. */
  private readonly known = new Set<string>();

  /** Names user, password and address together. */
  idOf({ user, password, address }: Credentials): string {
    return this.digest(user, password, networkOf(address));
  }

  begin(credentials: Credentials, nowMs: number): Attempt {
    const origin = networkOf(credentials.address);
    const who = this.digest(credentials.user);
    const id = this.idOf(credentials);
    const pair = `${who} ${origin}`;
    const failures = this.failuresOf(origin, nowMs);
    const { before, atAddress } = weigh(failures, who, id);
    const weight = atAddress >= PER_ADDRESS_MAX && !this.known.has(pair) ? PER_USER_MAX : before;
    const isRefused = weight >= PER_USER_MAX;
    if (!isRefused) this.expect(origin, failures, id, who, nowMs);
    return {
      isRefused,
      delayMs: weight < UNDELAYED_MAX ? 0 : Math.min(DELAY_MS * 2 ** (weight - UNDELAYED_MAX), DELAY_MS_MAX),
      end: (outcome, endMs) => {
        if (!isRefused) this.settle(origin, id, outcome === 'failed', endMs);
        if (outcome === 'passed') this.remember(pair);
      },
    };
  }

  private expect(origin: string, failures: Map<string, Failure>, id: string, user: string, nowMs: number): void {
    const failure = failures.get(id) ?? { user, times: 0, pending: 0, lastMs: nowMs };
    failure.pending++;
    failures.set(id, failure);
    this.addresses.delete(origin);
    this.addresses.set(origin, failures);
    if (this.addresses.size > ADDRESSES_MAX) this.evict();
  }

  private settle(origin: string, id: string, hasFailed: boolean, nowMs: number): void {
    const failures = this.addresses.get(origin);
    const failure = failures?.get(id);
    if (failures === undefined || failure === undefined) return;
    failure.pending = Math.max(0, failure.pending - 1);
    if (hasFailed) {
      failure.times++;
      failure.lastMs = nowMs;
    } else if (failure.times === 0 && failure.pending === 0) failures.delete(id);
    if (failures.size === 0) this.addresses.delete(origin);
  }

  private failuresOf(origin: string, nowMs: number): Map<string, Failure> {
    const failures = this.addresses.get(origin) ?? new Map<string, Failure>();
    for (const [id, { pending, lastMs }] of failures) {
      if (pending === 0 && nowMs - lastMs >= WINDOW_MS) failures.delete(id);
    }
    return failures;
  }

  private evict(): void {
    let chosen: string | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    let considered = 0;
    for (const [origin, failures] of this.addresses) {
      if (considered++ === EVICTED_FROM) break;
      if (failures.size >= fewest) continue;
      chosen = origin;
      fewest = failures.size;
    }
    if (chosen !== undefined) this.addresses.delete(chosen);
  }

  private remember(pair: string): void {
    this.known.delete(pair);
    this.known.add(pair);
    if (this.known.size > KNOWN_MAX) this.known.delete(this.known.keys().next().value as string);
  }

  private digest(...texts: string[]): string {
    return createHash('sha256').update(this.salt).update(JSON.stringify(texts)).digest('base64').slice(0, 16);
  }
}

/**
 * `before`: what speaks against this attempt, other wrong passwords of the user or times that this one was wrong, whichever
 * is more: a program that repeats an old password must not lock out who knows the new one. One that was never wrong may come
 * many times at once.
 */
function weigh(failures: ReadonlyMap<string, Failure>, user: string, id: string) {
  let others = 0;
  for (const [otherId, failure] of failures) if (failure.user === user && otherId !== id) others++;
  const same = failures.get(id);
  const repeats = same === undefined || same.times === 0 ? 0 : same.times + same.pending;
  return { before: Math.max(others, repeats), atAddress: failures.size - (same === undefined ? 0 : 1) };
}

/** The network of an IPv6 address, else the address: who has one address of IPv6 has the 2^64 of its network. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (!/^[\da-f:]*:[\da-f:]*(%.*)?$/i.test(plain)) return plain;
  const [left = [], right] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = right === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return `${[...left, ...Array<string>(zeros).fill('0'), ...(right ?? [])].slice(0, 4).join(':')}::/64`;
}
