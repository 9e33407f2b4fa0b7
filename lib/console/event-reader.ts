/**
 * Who reads events: what this user may see of them, and what is still to be told. Figures that find no room wait, as
 * names of what moved; changes that find none are lost, and the reader is told to look anew.
 */

import type { Identity } from '../engine/actor.ts';
import type { ObjectChange } from '../engine/object-change.ts';
import type { ExchangeRates } from '../figures/exchange-figures.ts';
import type { QueueRates } from '../figures/queue-figures.ts';
import type { Health } from '../health/health.ts';
import type { Problem } from '../health/problems.ts';
import type { Metrics, QueueNow } from '../metrics/metrics.ts';
import { EventStream } from './event-stream.ts';
import { type Figures, figuresOf, type NodeFigures, nodeFiguresOf } from './figures.ts';
import { type Sight, seesVhost, sightOf, wholeScopeOf } from './sight.ts';

/** Rows of one tick; beyond that lists are to be asked for. */
const ROWS_MAX = 500;
/** Names that wait for the next tick. */
const MOVED_MAX = 5_000;
/** A reader that takes nothing for so long is gone. */
const STALLED_MS = 60_000;
const BEAT_MS = 15_000;
const RETRY_MS = 2_000;
/** Samples do not come on the millisecond. */
const TOLERANCE_MS = 200;

export interface QueueTick extends QueueNow {
  vhost: string;
  name: string;
  rates: QueueRates | null;
}

export interface ExchangeTick {
  vhost: string;
  name: string;
  rates: ExchangeRates;
}

/** The figures of now. */
export interface Tick {
  /** Totals of all that the user sees. */
  figures: Figures;
  node: NodeFigures | null;
  /** Dead letters as the overview counts them. */
  deadLetters: number;
  /** Of the same moment as the counts: their texts name these. */
  problems: Problem[];
  /** Queues and exchanges whose figures are others than at the tick before. */
  queues: QueueTick[];
  exchanges: ExchangeTick[];
  /** More queues or exchanges moved than this tick has. */
  isCut: boolean;
}

/** Why the stream ends: `signed-out` (the session has ended or may see nothing any more), `stopping` (Warren does). */
export type Farewell = 'signed-out' | 'stopping';

/** A change with its number. */
export interface NumberedChange {
  id: string;
  change: ObjectChange;
}

export interface ReaderOptions {
  identity: Identity;
  /** Between two ticks. */
  everyMs: number;
  metrics: Metrics;
  health: Health;
  onEnd: (reader: EventReader) => void;
  bufferBytesMax?: number;
}

export class EventReader {
  readonly user: string;
  readonly stream: EventStream;
  private readonly everyMs: number;
  private readonly metrics: Metrics;
  private readonly health: Health;
  private sight: Sight;
  private readonly moved = { queues: new Set<string>(), exchanges: new Set<string>() };
  private movedTooMuch = false;
  private tickedAtMs = Number.NEGATIVE_INFINITY;
  private sentAtMs = 0;
  /** The id that the reader has to come back with, when it has missed changes; null: it has missed none. */
  private missedUpTo: string | null = null;
  private stalledSinceMs: number | null = null;

  constructor({ identity, everyMs, metrics, health, onEnd, bufferBytesMax }: ReaderOptions) {
    this.user = identity.user;
    this.everyMs = everyMs;
    this.metrics = metrics;
    this.health = health;
    this.sight = sightOf(identity);
    this.stream = new EventStream({
      onRoom: () => this.catchUp(),
      onEnd: () => onEnd(this),
      ...(bufferBytesMax === undefined ? {} : { bufferBytesMax }),
    });
  }

  /** `missed`: changes since the reader was here before; null: they are not known, or it is new. */
  greet(id: string, missed: readonly NumberedChange[] | null, nowMs: number): void {
    this.stream.advise(RETRY_MS);
    this.stream.send('hello', { user: this.user, everyMs: this.everyMs, resumed: missed !== null }, id);
    this.sentAtMs = nowMs;
    if (missed !== null) this.tell(missed, id, nowMs);
  }

  /** Sends those of `changes` that the user may see. `id`: that of the last change. */
  tell(changes: readonly NumberedChange[], id: string, nowMs: number): void {
    const visible = changes.filter(({ change }) => this.maySee(change)).map(({ change }) => change);
    if (visible.length === 0) return;
    if (this.stream.send('changes', { changes: visible }, id)) this.sentAtMs = nowMs;
    else this.miss(id);
  }

  /** Changes were lost: the reader has to look anew. */
  miss(id: string): void {
    this.missedUpTo = id;
    this.catchUp();
  }

  /** A sample has come. `moved`: keys of queues and exchanges with other figures than before. */
  tick(moved: { queues: Iterable<string>; exchanges: Iterable<string> }, nowMs: number): void {
    this.note(moved);
    this.catchUp();
    if (nowMs - this.tickedAtMs >= this.everyMs - TOLERANCE_MS) {
      const tick = this.tickOf();
      if (tick !== null && this.stream.send('tick', tick)) {
        this.tickedAtMs = nowMs;
        this.sentAtMs = nowMs;
        this.moved.queues.clear();
        this.moved.exchanges.clear();
        this.movedTooMuch = false;
      }
    }
    if (nowMs - this.sentAtMs >= BEAT_MS && this.stream.beat()) this.sentAtMs = nowMs;
    this.watchStall(nowMs);
  }

  /** The user as it is now; null: it may not read on. Who may see more or less than before has to look anew. */
  recheck(identity: Identity | null, id: string): void {
    if (identity === null) {
      this.end('signed-out');
      return;
    }
    const before = this.sight;
    this.sight = sightOf(identity);
    const { seesAll, vhosts } = this.sight;
    if (seesAll !== before.seesAll || vhosts.symmetricDifference(before.vhosts).size > 0) this.miss(id);
  }

  end(reason: Farewell): void {
    this.stream.send('bye', { reason });
    this.stream.end();
  }

  private maySee({ kind, vhost, user }: ObjectChange): boolean {
    if (kind === 'connection') return this.sight.seesAll || user === this.user;
    return vhost === null || seesVhost(this.sight, vhost);
  }

  private note(moved: { queues: Iterable<string>; exchanges: Iterable<string> }): void {
    for (const kind of ['queues', 'exchanges'] as const) {
      for (const key of moved[kind]) this.moved[kind].add(key);
      if (this.moved[kind].size <= MOVED_MAX) continue;
      this.moved[kind].clear();
      this.movedTooMuch = true;
    }
  }

  private tickOf(): Tick | null {
    if (this.metrics.latest() === undefined) return null;
    const queues: QueueTick[] = [];
    const exchanges: ExchangeTick[] = [];
    for (const [vhost, name] of this.visible(this.moved.queues)) {
      if (queues.length > ROWS_MAX) break;
      const now = this.metrics.queueNow(vhost, name);
      if (now !== null) queues.push({ vhost, name, ...now, rates: this.metrics.queueRates(vhost, name) });
    }
    for (const [vhost, name] of this.visible(this.moved.exchanges)) {
      if (exchanges.length > ROWS_MAX) break;
      const rates = this.metrics.exchangeRates(vhost, name);
      if (rates !== null) exchanges.push({ vhost, name, rates });
    }
    const scope = wholeScopeOf(this.sight);
    const { deadLetters, problems } = this.health.report(scope, this.sight.seesAll);
    const isCut = this.movedTooMuch || queues.length > ROWS_MAX || exchanges.length > ROWS_MAX;
    return {
      figures: figuresOf(this.metrics, this.sight, scope),
      node: nodeFiguresOf(this.metrics, this.sight),
      deadLetters,
      problems,
      queues: queues.slice(0, ROWS_MAX),
      exchanges: exchanges.slice(0, ROWS_MAX),
      isCut,
    };
  }

  private *visible(keys: ReadonlySet<string>): Generator<[vhost: string, name: string]> {
    for (const key of keys) {
      const at = key.indexOf('\0');
      const vhost = key.slice(0, at);
      if (seesVhost(this.sight, vhost)) yield [vhost, key.slice(at + 1)];
    }
  }

  private catchUp(): void {
    const id = this.missedUpTo;
    if (id === null) return;
    // First: sending makes the stream ask for more at once.
    this.missedUpTo = null;
    if (!this.stream.send('resync', {}, id)) this.missedUpTo = id;
  }

  private watchStall(nowMs: number): void {
    if (nowMs - this.sentAtMs < BEAT_MS) this.stalledSinceMs = null;
    else this.stalledSinceMs ??= nowMs;
    if (this.stalledSinceMs !== null && nowMs - this.stalledSinceMs >= STALLED_MS) this.stream.end();
  }
}
