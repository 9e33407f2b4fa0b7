/**
 * Brings what the engine tells to everyone who reads events: figures as they are sampled, changes as they happen. Owns
 * the numbers of the changes and the last of them, for readers that come back. An id is the run of Warren and the number
 * of a change in it: who comes back with one gets what it has missed, or, when that is no longer known, looks anew.
 */

import type { Identity } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import type { ObjectChange } from '../engine/object-change.ts';
import type { Engine } from '../engine/port.ts';
import { Health } from '../health/health.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Refusal } from '../web/refusal.ts';
import { EventReader, type NumberedChange } from './event-reader.ts';
import { mayEnterConsole } from './sight.ts';

const KEPT_CHANGES_MAX = 1_000;
const READERS_MAX = 500;
/** Who forgets to close pages must not keep out others. */
const READERS_PER_USER_MAX = 20;
/**
 * A browser is one session, and opens six connections to a host for all its windows. They share a stream where they can;
 * where they cannot, most connections must be free for what pages ask.
 */
const READERS_PER_SESSION_MAX = 3;
/** Between two checks of whether readers may read on. */
const CHECK_MS = 1_000;

/** Somebody's request to read events. */
export interface StreamRequest {
  identity: Identity;
  sessionId: string;
  everyMs: number;
  /** The id that the browser came back with; null: it is new. */
  lastEventId: string | null;
  /** False when the session has ended. */
  isSignedIn(): Promise<boolean>;
  signal: AbortSignal;
}

/** The session that a reader belongs to. */
interface ReaderSession {
  sessionId: string;
  isSignedIn(): Promise<boolean>;
  isBeingChecked: boolean;
}

export class EventHub {
  private readonly engine: Engine;
  private readonly metrics: Metrics;
  private readonly health: Health;
  private readonly run: string;
  private readonly readers = new Map<EventReader, ReaderSession>();
  private readonly kept: { number: number; change: ObjectChange }[] = [];
  /** The number of the latest change. */
  private number = 0;
  /** Changes up to this one are no longer known. */
  private forgotten = 0;
  private movedBefore = { queues: new Set<string>(), exchanges: new Set<string>() };
  private readonly ends: (() => void)[];
  private isStopped = false;

  /** `metrics` has to hear of a sample first. */
  constructor(engine: Engine, metrics: Metrics) {
    this.engine = engine;
    this.metrics = metrics;
    this.health = new Health(metrics);
    this.run = Date.now().toString(36);
    const checks = setInterval(() => this.check(), CHECK_MS);
    checks.unref();
    this.ends = [
      engine.subscribe(() => this.tick()),
      engine.watch((changes) => this.change(changes)),
      () => clearInterval(checks),
    ];
  }

  /** The body of an answer. Throws TOO_MANY_STREAMS, and UNAVAILABLE while Warren stops. */
  open({ identity, sessionId, everyMs, lastEventId, isSignedIn, signal }: StreamRequest): ReadableStream<Uint8Array> {
    if (this.isStopped) throw new EngineError('UNAVAILABLE', 'Warren is stopping');
    this.refuseTooMany(identity.user, sessionId);
    const reader = new EventReader({
      identity,
      everyMs,
      metrics: this.metrics,
      health: this.health,
      onEnd: (ended) => this.readers.delete(ended),
    });
    this.readers.set(reader, { sessionId, isSignedIn, isBeingChecked: false });
    signal.addEventListener('abort', () => reader.stream.end(), { once: true });
    if (signal.aborted) reader.stream.end();
    reader.greet(this.id(), this.missedSince(lastEventId), performance.now());
    return reader.stream.body;
  }

  get readerCount(): number {
    return this.readers.size;
  }

  /** Tells every reader that Warren stops, and ends its stream. */
  stop(): void {
    this.isStopped = true;
    for (const end of this.ends) end();
    for (const reader of [...this.readers.keys()]) reader.end('stopping');
  }

  private refuseTooMany(user: string, sessionId: string): void {
    let [ofUser, ofSession] = [0, 0];
    for (const [reader, session] of this.readers) {
      if (reader.user === user) ofUser++;
      if (session.sessionId === sessionId) ofSession++;
    }
    if (ofSession >= READERS_PER_SESSION_MAX)
      throw new Refusal('TOO_MANY_STREAMS', 'Other windows of this browser watch the broker already.');
    if (ofUser >= READERS_PER_USER_MAX || this.readers.size >= READERS_MAX)
      throw new Refusal('TOO_MANY_STREAMS', 'There are too many pages open that watch this broker.');
  }

  private id(): string {
    return `${this.run}-${this.number}`;
  }

  private missedSince(lastEventId: string | null): NumberedChange[] | null {
    const [run, text = ''] = lastEventId?.split('-') ?? [];
    const number = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    if (run !== this.run || number < this.forgotten || number > this.number) return null;
    return this.kept
      .filter((kept) => kept.number > number)
      .map(({ number, change }) => ({ id: `${this.run}-${number}`, change }));
  }

  private change(changes: ObjectChange[] | null): void {
    if (changes === null) {
      this.number++;
      this.kept.length = 0;
      this.forgotten = this.number;
      for (const reader of this.readers.keys()) reader.miss(this.id());
      return;
    }
    const numbered = changes.map((change) => ({ number: ++this.number, change }));
    this.kept.push(...numbered);
    const dropped = this.kept.splice(0, Math.max(0, this.kept.length - KEPT_CHANGES_MAX));
    this.forgotten = dropped.at(-1)?.number ?? this.forgotten;
    const withIds = numbered.map(({ number, change }) => ({ id: `${this.run}-${number}`, change }));
    const nowMs = performance.now();
    for (const reader of this.readers.keys()) reader.tell(withIds, this.id(), nowMs);
    // Somebody may see a vhost that came, or no longer one that went.
    if (changes.some(({ kind }) => kind === 'vhost')) this.check();
  }

  private tick(): void {
    if (this.readers.size === 0) return;
    const now = { queues: this.metrics.moving('queues'), exchanges: this.metrics.moving('exchanges') };
    // What has come to rest is told once more: its rates are 0 now.
    const moved = {
      queues: now.queues.union(this.movedBefore.queues),
      exchanges: now.exchanges.union(this.movedBefore.exchanges),
    };
    this.movedBefore = now;
    const nowMs = performance.now();
    for (const reader of [...this.readers.keys()]) reader.tick(moved, nowMs);
  }

  private check(): void {
    for (const [reader, session] of this.readers) {
      if (session.isBeingChecked) continue;
      session.isBeingChecked = true;
      this.identityOf(reader, session)
        .then((identity) => reader.recheck(identity, this.id()))
        // The broker does not answer: the stream says nothing then either.
        .catch(() => {})
        .finally(() => {
          session.isBeingChecked = false;
        });
    }
  }

  private async identityOf({ user }: EventReader, { isSignedIn }: ReaderSession): Promise<Identity | null> {
    if (!(await isSignedIn())) return null;
    const identity = await this.engine.identity(user);
    return identity !== null && mayEnterConsole(identity) ? identity : null;
  }
}
