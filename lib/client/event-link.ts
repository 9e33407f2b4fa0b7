/**
 * What events do to a page: figures and changes go into what the queries hold, so that they need not ask. Knows whether
 * the page is live; while it is not, queries ask as if there were no events.
 */
import type { QueryClient } from '@tanstack/react-query';
import type { Tick } from '../console/event-reader.ts';
import { concernedBy } from './concerns.ts';
import { type FeedEvent, SILENCE_MS } from './event-feed.ts';
import { applyTick } from './live-figures.ts';

/** `off`: nobody wants events. */
export type LinkState = 'off' | 'reconnecting' | 'live';

/** Queries whose figures come with ticks. They do not ask while the link is live: it asks for them now and then. */
export const PUSHED_KEYS: readonly (readonly string[])[] = [
  ['overview', 'all'],
  ['queues', 'list'],
  ['exchanges', 'list'],
];

/** What ticks do not hold, such as ages and the order of rows, is asked for this often. */
const RENEW_MS = 3_000;
/** Queries ask because of changes not more often than this, however much changes. */
const CHANGES_MS = 500;

/** Where events come from. */
export interface Feed {
  start(everyMs: number): void;
  stop(): void;
}

export interface LinkOptions {
  client: QueryClient;
  feed: (onEvent: (event: FeedEvent) => void) => Feed;
  /** Who the page was made for. */
  user: string;
  onState: (state: LinkState) => void;
  /** Somebody else is signed in by now: the page must be made anew. */
  onOtherUser: () => void;
}

export class EventLink {
  private readonly options: LinkOptions;
  private readonly client: QueryClient;
  private readonly feed: Feed;
  private everyMs = 1_000;
  private state: LinkState = 'off';
  private silence: ReturnType<typeof setTimeout> | undefined;
  private readonly concerned = new Set<string>();
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private asking: ReturnType<typeof setTimeout> | undefined;
  private renewedAtMs = 0;

  constructor(options: LinkOptions) {
    this.options = options;
    this.client = options.client;
    this.feed = options.feed((event) => this.take(event));
  }

  /** Begins, or goes on with another time between two ticks. */
  start(everyMs: number): void {
    this.everyMs = everyMs;
    this.become('reconnecting');
    this.feed.start(everyMs);
  }

  stop(): void {
    this.feed.stop();
    clearTimeout(this.silence);
    clearTimeout(this.asking);
    this.asking = undefined;
    this.become('off');
  }

  private take(event: FeedEvent): void {
    this.watch();
    if (event.type === 'lost') {
      this.become('reconnecting');
      return;
    }
    if (event.type !== 'bye') this.become('live');
    switch (event.type) {
      case 'hello':
        this.greet(event.data);
        return;
      case 'changes':
        this.askAfter(event.data.changes.flatMap(({ kind }) => concernedBy(kind)));
        return;
      case 'tick':
        this.tick(event.data);
        return;
      case 'resync':
        this.askAll();
        return;
      case 'bye':
        // Whatever is asked next is refused, which leads to the sign-in page.
        if (event.data.reason === 'signed-out') this.askAll();
    }
  }

  private greet({ resumed, user }: { resumed: boolean; user: string }): void {
    this.renewedAtMs = performance.now();
    if (user !== this.options.user) this.options.onOtherUser();
    else if (!resumed) this.askAll();
  }

  private tick(tick: Tick): void {
    applyTick(this.client, tick);
    const nowMs = performance.now();
    if (!tick.isCut && nowMs - this.renewedAtMs < RENEW_MS) return;
    this.renewedAtMs = nowMs;
    for (const queryKey of PUSHED_KEYS) this.invalidate(queryKey);
  }

  /** Queries ask at once after the first change, and once for all changes that follow close upon it. */
  private askAfter(keys: readonly string[]): void {
    for (const key of keys) this.concerned.add(key);
    const waitMs = this.askedAtMs + CHANGES_MS - performance.now();
    this.asking ??= setTimeout(
      () => {
        this.asking = undefined;
        this.askedAtMs = performance.now();
        for (const key of this.concerned) this.invalidate([key]);
        this.concerned.clear();
      },
      Math.max(0, waitMs),
    );
  }

  /** Watches the link by the clock of this page: the window that reads the stream may have stopped without a word. */
  private watch(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.become('reconnecting'), this.everyMs + SILENCE_MS);
  }

  private become(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    this.options.onState(state);
  }

  private askAll(): void {
    void this.client.invalidateQueries({ refetchType: 'active' });
  }

  private invalidate(queryKey: readonly string[]): void {
    // An answer that is on its way may be older than the change, but it must not be cancelled over and over.
    void this.client.invalidateQueries({ queryKey, refetchType: 'active' }, { cancelRefetch: false });
  }
}
