import { type QueryClient as Client, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FeedEvent } from '../../../lib/client/event-feed.ts';
import { EventLink, type LinkState } from '../../../lib/client/event-link.ts';
import type { Tick } from '../../../lib/console/event-reader.ts';
import type { Figures } from '../../../lib/console/figures.ts';
import type { ObjectChange } from '../../../lib/engine/object-change.ts';

let client: Client;
let states: LinkState[];
let link: EventLink;
/** What the feed was told to do. */
let orders: string[];
let others: number;
let send: (event: FeedEvent) => void;
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

const hello = (about: { resumed?: boolean; user?: string } = {}): void =>
  send({ type: 'hello', data: { resumed: true, user: 'ann', ...about }, id: '' });
const changed = (...kinds: ObjectChange['kind'][]): void =>
  send({ type: 'changes', data: { changes: kinds.map(change) }, id: '' });
const ticks = (about: Partial<Tick> = {}): void => send({ type: 'tick', data: tick(about), id: '' });
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
  problems: [],
  queues: [],
  exchanges: [],
  isCut: false,
  ...about,
});
const change = (kind: ObjectChange['kind']): ObjectChange => ({
  kind,
  verb: 'created',
  vhost: '/',
  name: 'x',
  user: null,
});

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  states = [];
  asked = {};
  orders = [];
  others = 0;
  link = new EventLink({
    client,
    user: 'ann',
    feed: (onEvent) => {
      send = onEvent;
      return { start: (everyMs) => orders.push(`start ${everyMs}`), stop: () => orders.push('stop') };
    },
    onState: (state) => states.push(state),
    onOtherUser: () => others++,
  });
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
    hello();
    const before = client.getQueryData<{ rows: object[] }>(['queues', 'list', 'all']);
    const queues = [
      { vhost: '/', name: 'q', ready: 3, unacked: 1, consumers: 2, rates: null },
      { vhost: '/', name: 'unknown', ready: 3, unacked: 1, consumers: 2, rates: null },
    ];
    const rates = { published: 1, routed: 1, unroutable: 0 };
    const problem = {
      key: 'dead:/\0q',
      severity: 'warning',
      title: '3 dead letters',
      cause: '',
      subject: null,
    } as const;
    ticks({ queues, exchanges: [{ vhost: '/', name: 'e', rates }], problems: [problem] });
    expect(client.getQueryData(['overview', 'all'])).toMatchObject({
      figures: { atMs: 5, ready: 7 },
      deadLetters: 0,
      problems: [problem],
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
    ticks();
    expect(failing.getCurrentResult().status).toBe('error');
  });

  test('what ticks do not tell is asked for every three seconds, and at once when a tick was cut', async () => {
    link.start(1000);
    hello();
    for (let i = 0; i < 11; i++) {
      await vi.advanceTimersByTimeAsync(1000);
      ticks();
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual({ overview: 3, queues: 3, exchanges: 3, activity: 0 });
    ticks({ isCut: true });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.queues).toBe(4);
  });

  test('a change is asked after at once, many together, and never more than twice a second', async () => {
    link.start(1000);
    hello();
    changed('queue');
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual({ overview: 1, queues: 1, exchanges: 1, activity: 0 });
    for (let i = 0; i < 20; i++) {
      changed('connection');
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(600);
    expect(asked).toEqual({ overview: 3, queues: 1, exchanges: 1, activity: 0 });
  });

  test('who has missed something asks for everything; who has not, for nothing', async () => {
    link.start(1000);
    hello();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.activity).toBe(0);
    send({ type: 'resync', data: {}, id: '' });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual({ overview: 1, queues: 1, exchanges: 1, activity: 1 });
    link.start(1000);
    hello({ resumed: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.activity).toBe(2);
  });
});

describe('the state', () => {
  test('is live from the first event on, and off when nobody wants events', () => {
    link.start(5000);
    expect(orders).toEqual(['start 5000']);
    expect(states).toEqual(['reconnecting']);
    hello();
    link.stop();
    expect(orders).toEqual(['start 5000', 'stop']);
    expect(states).toEqual(['reconnecting', 'live', 'off']);
  });

  test('is reconnecting from the loss of the stream to the next event', () => {
    link.start(1000);
    hello();
    send({ type: 'lost', data: {}, id: '' });
    expect(states.at(-1)).toBe('reconnecting');
    hello();
    expect(states.at(-1)).toBe('live');
  });

  test('is reconnecting when nothing comes for long, by the clock of this page', async () => {
    link.start(1000);
    hello();
    await vi.advanceTimersByTimeAsync(5_999);
    expect(states.at(-1)).toBe('live');
    await vi.advanceTimersByTimeAsync(1);
    expect(states.at(-1)).toBe('reconnecting');
    ticks();
    expect(states.at(-1)).toBe('live');
  });

  test('an end by Warren changes nothing by itself; without a session everything is asked for, which is refused', async () => {
    link.start(1000);
    hello();
    send({ type: 'bye', data: { reason: 'stopping' }, id: '' });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.activity).toBe(0);
    send({ type: 'bye', data: { reason: 'signed-out' }, id: '' });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.activity).toBe(1);
  });
});

test('a stream of another user means that the page is made for somebody who is not signed in any more', async () => {
  link.start(1000);
  hello({ user: 'bob', resumed: false });
  await vi.advanceTimersByTimeAsync(0);
  expect(others).toBe(1);
  // Nothing is asked for in the name of another.
  expect(asked.activity).toBe(0);
});
