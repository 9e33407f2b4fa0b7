/**
 * One feed for all windows that a browser has open: a browser opens six connections to a host, and a stream takes one of
 * them for as long as it lasts. Whoever holds the lock reads the stream and passes every event on; the others listen.
 * When the reader goes, the lock and with it the stream is the next one's, from the last event on.
 */
import { EventFeed, type FeedEvent, type Source } from './event-feed.ts';

/** As much of the browser as is needed. */
export interface FeedWorld {
  open(url: string): Source;
  /** Null where the browser has no locks or no channels (a page over plain HTTP from another machine): no sharing. */
  sharing: { locks: Locks; channel(name: string): Channel } | null;
}

export interface Locks {
  request(name: string, options: { signal: AbortSignal }, hold: () => Promise<void>): Promise<unknown>;
}

export interface Channel {
  onmessage: ((event: MessageEvent<Message>) => unknown) | null;
  postMessage(message: Message): void;
  close(): void;
}

type Message =
  /** A window begins to listen and waits for a hello. */
  | { kind: 'join' }
  /** `since`: up to which event a window must know all, so that a hello that resumes leaves nothing out for it. */
  | { kind: 'event'; event: FeedEvent; since: string };

export class SharedFeed {
  private readonly world: FeedWorld;
  private readonly user: string;
  private readonly onEvent: (event: FeedEvent) => void;
  private readonly feed: EventFeed;
  private everyMs = 1_000;
  /** Everything up to this event has come through here. */
  private lastEventId = '';
  private role: 'off' | 'listening' | 'reading' = 'off';
  /** Between a hello and the loss of the stream: what comes joins on to what came. */
  private isInStep = false;
  private channel: Channel | null = null;
  private end: () => void = () => {};

  /** `user`: pages of two users share nothing. */
  constructor(world: FeedWorld, user: string, onEvent: (event: FeedEvent) => void) {
    this.world = world;
    this.user = user;
    this.onEvent = onEvent;
    this.feed = new EventFeed(
      (url) => world.open(url),
      (event) => this.pass(event),
    );
  }

  /** Begins, or goes on with another time between two ticks. Windows that want the same time share a stream. */
  start(everyMs: number): void {
    this.stop();
    this.everyMs = everyMs;
    const { sharing } = this.world;
    if (sharing === null) {
      this.read();
      return;
    }
    const name = `warren.events.${everyMs}.${this.user}`;
    const channel = sharing.channel(name);
    channel.onmessage = ({ data }) => this.hear(data);
    this.channel = channel;
    this.role = 'listening';
    channel.postMessage({ kind: 'join' });
    const leaving = new AbortController();
    this.end = () => leaving.abort();
    const { signal } = leaving;
    const hold = (): Promise<void> =>
      new Promise((release) => {
        if (signal.aborted) {
          release();
          return;
        }
        signal.addEventListener('abort', () => release());
        this.read();
      });
    // Who leaves the queue for the lock is refused it.
    sharing.locks.request(name, { signal }, hold).catch(() => {});
  }

  stop(): void {
    this.feed.stop();
    this.channel?.close();
    this.channel = null;
    this.role = 'off';
    this.isInStep = false;
    this.end();
    this.end = () => {};
  }

  private read(): void {
    this.role = 'reading';
    this.feed.start(this.everyMs, this.lastEventId);
  }

  /** Passes an event of Warren on to this window and all others. */
  private pass(event: FeedEvent): void {
    const since = this.lastEventId;
    this.take(event);
    this.channel?.postMessage({ kind: 'event', event, since });
    this.onEvent(event);
  }

  /** Takes a message of another window. */
  private hear(message: Message): void {
    if (message.kind === 'join') {
      if (this.role === 'reading' && this.isInStep) this.greet();
      return;
    }
    if (this.role !== 'listening') return;
    const { event, since } = message;
    // Who joined in the middle knows nothing of what was before.
    if (event.type !== 'hello' && !this.isInStep) return;
    const isMissing = event.type === 'hello' && since !== this.lastEventId;
    this.take(event);
    this.onEvent(isMissing ? { ...event, data: { ...event.data, resumed: false } } : event);
  }

  /** Greets a window that joins; windows that are in step learn nothing new. */
  private greet(): void {
    const id = this.lastEventId;
    const hello: FeedEvent = { type: 'hello', data: { resumed: true, user: this.user }, id };
    this.channel?.postMessage({ kind: 'event', event: hello, since: id });
  }

  private take({ type, id }: FeedEvent): void {
    if (id !== '') this.lastEventId = id;
    if (type === 'hello') this.isInStep = true;
    if (type === 'lost') this.isInStep = false;
  }
}
