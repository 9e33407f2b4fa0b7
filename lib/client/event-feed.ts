/**
 * The stream of events as one page reads it from Warren. Owns the connection: notices when nothing comes any more, and
 * opens it again, with the id of the last event, so that Warren can say what happened meanwhile.
 */
import type { Farewell, Tick } from '../console/event-reader.ts';
import type { ObjectChange } from '../engine/object-change.ts';
import { CONSOLE_API } from './paths.ts';

interface Payloads {
  /** The first event. `resumed`: since the last event nothing is missing; `user`: whose stream it is. */
  hello: { resumed: boolean; user: string };
  changes: { changes: ObjectChange[] };
  tick: Tick;
  /** Some changes were left out. */
  resync: object;
  /** Last. */
  bye: { reason: Farewell };
  /** Not sent by Warren: the connection is gone, and a hello follows when there is another. */
  lost: object;
}

/** `id` is '' where the event has none. */
export type FeedEvent = { [Type in keyof Payloads]: { type: Type; data: Payloads[Type]; id: string } }[keyof Payloads];

const SENT: readonly FeedEvent['type'][] = ['hello', 'changes', 'tick', 'resync', 'bye'];
const RETRY_MS_MIN = 2_000;
const RETRY_MS_MAX = 30_000;
/** Beyond the time between two ticks: nothing has come, so the stream is dead, whatever the browser thinks. */
export const SILENCE_MS = 5_000;

/** As much of EventSource as is needed. */
export interface Source {
  readonly readyState: number;
  onerror: ((event: Event) => unknown) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

const CLOSED = 2;

export class EventFeed {
  private readonly open: (url: string) => Source;
  private readonly onEvent: (event: FeedEvent) => void;
  private source: Source | null = null;
  private everyMs = 1_000;
  private lastEventId = '';
  private retryMs = RETRY_MS_MIN;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(open: (url: string) => Source, onEvent: (event: FeedEvent) => void) {
    this.open = open;
    this.onEvent = onEvent;
  }

  /** `everyMs`: between two ticks. `lastEventId`: of the last event that the page knows; '': it knows none. */
  start(everyMs: number, lastEventId: string): void {
    this.everyMs = everyMs;
    this.lastEventId = lastEventId;
    this.retryMs = RETRY_MS_MIN;
    this.connect();
  }

  stop(): void {
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    this.source?.close();
    this.source = null;
  }

  private connect(): void {
    this.stop();
    const query = new URLSearchParams({ everyMs: String(this.everyMs) });
    if (this.lastEventId !== '') query.set('lastEventId', this.lastEventId);
    const source = this.open(`${CONSOLE_API}/events?${query}`);
    this.source = source;
    this.watch(source);
    source.onerror = () => this.lose(source, source.readyState === CLOSED);
    for (const type of SENT)
      source.addEventListener(type, ({ data, lastEventId }) => {
        if (this.source !== source) return;
        if (lastEventId !== '') this.lastEventId = lastEventId;
        this.watch(source);
        if (type === 'hello') this.retryMs = RETRY_MS_MIN;
        this.onEvent({ type, data: JSON.parse(data), id: lastEventId } as FeedEvent);
        if (type === 'bye') this.lose(source, true);
      });
  }

  /** Unless the connection has ended for good the browser opens it again by itself. */
  private lose(source: Source, isForGood: boolean): void {
    if (this.source !== source) return;
    if (isForGood) {
      this.stop();
      this.retry = setTimeout(() => this.connect(), this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, RETRY_MS_MAX);
    }
    this.onEvent({ type: 'lost', data: {}, id: '' });
  }

  private watch(source: Source): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lose(source, true), this.everyMs + SILENCE_MS);
  }
}
