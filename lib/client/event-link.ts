/**
 * The page's stream of events: what the broker tells goes into what the queries hold, so that they need not ask. Owns
 * the connection and comes back by itself when it is lost; while it is, queries ask as if there were none.
 */
import type { QueryClient } from '@tanstack/react-query';
import type { Tick } from '../console/event-reader.ts';
import type { Change } from '../engine/port.ts';
import { applyTick } from './live-figures.ts';

/** `off`: nobody wants one. */
export type LinkState = 'off' | 'reconnecting' | 'live';

/** Queries whose figures come with ticks. They do not ask while the link is live: it asks for them now and then. */
export const PUSHED_KEYS: readonly (readonly string[])[] = [
  ['overview', 'all'],
  ['queues', 'list'],
  ['exchanges', 'list'],
];

/** What ticks do not tell, such as ages and the order of rows, is asked for this often. */
const RENEW_MS = 3_000;
/** Not more often, however much changes. */
const CHANGES_MS = 500;
const RETRY_MS_MIN = 2_000;
const RETRY_MS_MAX = 30_000;
/** Beyond the time between two ticks: nothing has come, so the stream is dead, whatever the browser thinks. */
const SILENCE_MS = 5_000;

/** The queries that a change could concern. */
const CONCERNED: Record<Change['kind'], readonly string[]> = {
  queue: ['queues', 'overview', 'exchanges', 'dead-letters', 'bindings', 'route'],
  exchange: ['exchanges', 'overview', 'bindings', 'route'],
  binding: ['exchanges', 'queues', 'bindings', 'route'],
  policy: ['queues', 'exchanges'],
  vhost: ['vhosts', 'queues', 'exchanges', 'overview', 'dead-letters'],
  connection: ['overview'],
  alarm: ['overview'],
};

/** As much of EventSource as is needed. */
export interface Source {
  readonly readyState: number;
  onerror: ((event: Event) => unknown) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

const CLOSED = 2;

export class EventLink {
  private readonly client: QueryClient;
  private readonly open: (url: string) => Source;
  private readonly onState: (state: LinkState) => void;
  private source: Source | null = null;
  private everyMs = 1_000;
  private lastEventId = '';
  private state: LinkState = 'off';
  private retryMs = RETRY_MS_MIN;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private readonly concerned = new Set<string>();
  private toldAtMs = Number.NEGATIVE_INFINITY;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private renewedAtMs = 0;

  constructor(client: QueryClient, open: (url: string) => Source, onState: (state: LinkState) => void) {
    this.client = client;
    this.open = open;
    this.onState = onState;
  }

  /** Begins, or goes on with another time between two ticks. */
  start(everyMs: number): void {
    this.everyMs = everyMs;
    this.retryMs = RETRY_MS_MIN;
    this.connect();
  }

  stop(): void {
    this.disconnect();
    this.become('off');
  }

  private connect(): void {
    this.disconnect();
    const query = new URLSearchParams({ everyMs: String(this.everyMs) });
    if (this.lastEventId !== '') query.set('lastEventId', this.lastEventId);
    const source = this.open(`/console-api/events?${query}`);
    this.source = source;
    this.become('reconnecting');
    this.watch();
    source.onerror = () => this.lost(source);
    const on = <T>(type: string, take: (data: T) => void): void =>
      source.addEventListener(type, ({ data, lastEventId }) => {
        if (this.source !== source) return;
        if (lastEventId !== '') this.lastEventId = lastEventId;
        this.watch();
        take(JSON.parse(data) as T);
      });
    on<{ resumed: boolean }>('hello', ({ resumed }) => {
      this.retryMs = RETRY_MS_MIN;
      this.renewedAtMs = performance.now();
      this.become('live');
      if (!resumed) this.lookAnew();
    });
    on<{ changes: Change[] }>('changes', ({ changes }) => this.note(changes.flatMap(({ kind }) => CONCERNED[kind])));
    on<Tick>('tick', (tick) => this.tick(tick));
    on<object>('resync', () => this.lookAnew());
    on<{ reason: string }>('bye', ({ reason }) => {
      this.lost(source, true);
      // Whatever is asked next says that nobody is signed in any more.
      if (reason === 'signed-out') this.lookAnew();
    });
  }

  private disconnect(): void {
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    clearTimeout(this.telling);
    this.telling = undefined;
    this.source?.close();
    this.source = null;
  }

  /** The browser tries again by itself, unless it was refused or told not to. */
  private lost(source: Source, forGood = false): void {
    if (this.source !== source) return;
    this.become('reconnecting');
    if (!forGood && source.readyState !== CLOSED) return;
    this.disconnect();
    this.retry = setTimeout(() => this.connect(), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, RETRY_MS_MAX);
  }

  private watch(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      if (this.source !== null) this.lost(this.source, true);
    }, this.everyMs + SILENCE_MS);
  }

  private become(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    this.onState(state);
  }

  private tick(tick: Tick): void {
    applyTick(this.client, tick);
    const nowMs = performance.now();
    if (!tick.isCut && nowMs - this.renewedAtMs < RENEW_MS) return;
    this.renewedAtMs = nowMs;
    for (const queryKey of PUSHED_KEYS) this.invalidate(queryKey);
  }

  /** The first change is told at once, what follows close upon it together. */
  private note(keys: readonly string[]): void {
    for (const key of keys) this.concerned.add(key);
    const waitMs = this.toldAtMs + CHANGES_MS - performance.now();
    this.telling ??= setTimeout(
      () => {
        this.telling = undefined;
        this.toldAtMs = performance.now();
        for (const key of this.concerned) this.invalidate([key]);
        this.concerned.clear();
      },
      Math.max(0, waitMs),
    );
  }

  private lookAnew(): void {
    void this.client.invalidateQueries({ refetchType: 'active' });
  }

  private invalidate(queryKey: readonly string[]): void {
    // An answer that is on its way may be older than the change, but it must not be cancelled over and over.
    void this.client.invalidateQueries({ queryKey, refetchType: 'active' }, { cancelRefetch: false });
  }
}
