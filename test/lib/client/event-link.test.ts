import { type QueryClient as Client, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EventLink, type LinkState, type Source } from '../../../lib/client/event-link.ts';
import type { Tick } from '../../../lib/console/event-reader.ts';
import type { Figures } from '../../../lib/console/figures.ts';
import type { Change } from '../../../lib/engine/port.ts';

/** An EventSource in the hands of the test. */
class FakeSource implements Source {
  readyState = 1;
  onerror: ((event: Event) => unknown) | null = null;
  readonly url: string;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  tell(type: string, data: unknown, lastEventId = ''): void {
    this.listeners.get(type)?.({ data: JSON.stringify(data), lastEventId } as MessageEvent<string>);
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.(new Event('error'));
  }
}

let client: Client;
let sources: FakeSource[];
let states: LinkState[];
let link: EventLink;
let asked: Record<string, number>;
const forget: (() => void)[] = [];

/** A query that somebody looks at. */
function watch(queryKey: string[], data: unknown): void {
  asked[queryKey[0] as string] = 0;
  client.setQueryData(queryKey, data);
  const observer = new QueryObserver(client, {
    queryKey,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      asked[queryKey[0] as string] = (asked[queryKey[0] as string] ?? 0) + 1;
      return data;
    },
  });
  forget.push(observer.subscribe(() => {}));
}

const source = (): FakeSource => sources.at(-1) as FakeSource;
const FIGURES: Figures = {
  atMs: 5,
  ready: 7,
  unacked: 0,
  consumers: 0,
  queues: 0,
  exchanges: 0,
  connections: 0,
  channels: 0,
  clients: 'all',
  rates: null,
};
const tick = (about: Partial<Tick> = {}): Tick => ({
  figures: FIGURES,
  node: null,
  deadLetters: 0,
  queues: [],
  exchanges: [],
  isCut: false,
  ...about,
});
const change = (kind: Change['kind']): Change => ({ kind, verb: 'created', vhost: '/', name: 'x', user: null });

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  sources = [];
  states = [];
  asked = {};
  link = new EventLink(
    client,
    (url) => {
      sources.push(new FakeSource(url));
      return source();
    },
    (state) => states.push(state),
  );
  watch(['overview', 'all'], { figures: { ...FIGURES, atMs: 0, ready: 0 }, deadLetters: 3, problems: [], largest: [] });
  watch(['queues', 'list', 'all'], {
    rows: [
      { vhost: '/', name: 'q', ready: 0, type: 'classic' },
      { vhost: '/', name: 'r', ready: 1 },
    ],
    total: 2,
  });
  watch(['exchanges', 'list', 'all'], { rows: [{ vhost: '/', name: 'e', rates: null }] });
  watch(['activity'], {});
});

afterEach(() => {
  link.stop();
  for (const end of forget.splice(0)) end();
  vi.useRealTimers();
});

describe('what is told', () => {
  test('figures go into what the queries hold, row by row, and nobody asks', () => {
    link.start(1000);
    source().tell('hello', { resumed: true });
    const before = client.getQueryData<{ rows: object[] }>(['queues', 'list', 'all']);
    const queues = [
      { vhost: '/', name: 'q', ready: 3, unacked: 1, consumers: 2, rates: null },
      { vhost: '/', name: 'unknown', ready: 3, unacked: 1, consumers: 2, rates: null },
    ];
    const rates = { published: 1, routed: 1, unroutable: 0 };
    source().tell('tick', tick({ queues, exchanges: [{ vhost: '/', name: 'e', rates }] }));
    expect(client.getQueryData(['overview', 'all'])).toMatchObject({
      figures: { atMs: 5, ready: 7 },
      deadLetters: 0,
    });
    const after = client.getQueryData<{ rows: object[] }>(['queues', 'list', 'all']);
    expect(after).toMatchObject({ rows: [{ name: 'q', ready: 3, consumers: 2, type: 'classic' }, { name: 'r' }] });
    expect(after?.rows).toHaveLength(2);
    // A row of which nothing was told is the same one.
    expect(after?.rows[1]).toBe(before?.rows[1]);
    expect(client.getQueryData(['exchanges', 'list', 'all'])).toMatchObject({ rows: [{ rates }] });
    expect(asked).toEqual({ overview: 0, queues: 0, exchanges: 0, activity: 0 });
  });

  test('what failed to be renewed does not look new because of a tick', async () => {
    const failing = new QueryObserver(client, {
      queryKey: ['queues', 'list', 'failing'],
      initialData: { rows: [], total: 0 },
      retry: false,
      queryFn: () => Promise.reject(new Error('refused')),
    });
    forget.push(failing.subscribe(() => {}));
    await vi.advanceTimersByTimeAsync(0);
    link.start(1000);
    source().tell('tick', tick());
    expect(failing.getCurrentResult().status).toBe('error');
  });

  test('what ticks do not tell is asked for every three seconds, and at once when a tick was cut', async () => {
    link.start(1000);
    source().tell('hello', { resumed: true });
    for (let i = 0; i < 11; i++) {
      await vi.advanceTimersByTimeAsync(1000);
      source().tell('tick', tick());
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual({ overview: 3, queues: 3, exchanges: 3, activity: 0 });
    source().tell('tick', tick({ isCut: true }));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.queues).toBe(4);
  });

  test('a change is asked after at once, many together, and never more than twice a second', async () => {
    link.start(1000);
    source().tell('hello', { resumed: true });
    source().tell('changes', { changes: [change('queue')] });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual({ overview: 1, queues: 1, exchanges: 1, activity: 0 });
    for (let i = 0; i < 20; i++) {
      source().tell('changes', { changes: [change('connection')] });
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(600);
    expect(asked).toEqual({ overview: 3, queues: 1, exchanges: 1, activity: 0 });
  });

  test('who has missed something asks for everything; who has not, for nothing', async () => {
    link.start(1000);
    source().tell('hello', { resumed: true });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.activity).toBe(0);
    source().tell('resync', {});
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual({ overview: 1, queues: 1, exchanges: 1, activity: 1 });
    link.start(1000);
    source().tell('hello', { resumed: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.activity).toBe(2);
  });
});

describe('the connection', () => {
  test('is live from the greeting on, and says how often figures are to come', () => {
    link.start(5000);
    expect(source().url).toBe('/console-api/events?everyMs=5000');
    expect(states).toEqual(['reconnecting']);
    source().tell('hello', { resumed: true });
    link.stop();
    expect(states).toEqual(['reconnecting', 'live', 'off']);
    expect(source().readyState).toBe(2);
  });

  test('that the browser opens again is left to it; what comes from an old one is not heard', () => {
    link.start(1000);
    source().tell('hello', { resumed: true }, 'a-1');
    source().fail(0);
    expect(states.at(-1)).toBe('reconnecting');
    expect(sources).toHaveLength(1);
    source().tell('hello', { resumed: true });
    expect(states.at(-1)).toBe('live');
    const old = source();
    link.start(1000);
    expect(source().url).toBe('/console-api/events?everyMs=1000&lastEventId=a-1');
    old.tell('tick', tick({ figures: { ...FIGURES, atMs: 99 } }));
    expect(client.getQueryData(['overview', 'all'])).toMatchObject({ figures: { atMs: 0 } });
  });

  test('that was refused is tried again, at longer and longer distances', async () => {
    link.start(1000);
    for (const [i, ms] of [2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
      source().fail(2);
      await vi.advanceTimersByTimeAsync(ms - 1);
      expect(sources).toHaveLength(i + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(sources).toHaveLength(i + 2);
    }
    source().tell('hello', { resumed: true });
    source().fail(2);
    await vi.advanceTimersByTimeAsync(2000);
    expect(sources).toHaveLength(8);
  });

  test('that says nothing any more is dead, whatever the browser thinks', async () => {
    link.start(1000);
    source().tell('hello', { resumed: true }, 'a-7');
    await vi.advanceTimersByTimeAsync(5_999);
    expect(states.at(-1)).toBe('live');
    await vi.advanceTimersByTimeAsync(1);
    expect(states.at(-1)).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(source().url).toContain('lastEventId=a-7');
  });

  test('that is ended by Warren is opened again; without a session everything is asked, which says so', async () => {
    link.start(1000);
    source().tell('hello', { resumed: true });
    source().tell('bye', { reason: 'stopping' });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.activity).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sources).toHaveLength(2);
    source().tell('bye', { reason: 'signed-out' });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.activity).toBe(1);
  });

  test('that is not wanted any more stays closed', async () => {
    link.start(1000);
    source().fail(2);
    link.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sources).toHaveLength(1);
    expect(states.at(-1)).toBe('off');
  });
});
