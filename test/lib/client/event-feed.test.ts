import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EventFeed, type FeedEvent } from '../../../lib/client/event-feed.ts';
import { FakeSource } from './fake-source.ts';

let sources: FakeSource[];
let events: FeedEvent[];
let feed: EventFeed;

const source = (): FakeSource => sources.at(-1) as FakeSource;
const types = (): string[] => events.map(({ type }) => type);
const hello = (lastEventId = ''): void => source().send('hello', { resumed: true, user: 'ann' }, lastEventId);

beforeEach(() => {
  vi.useFakeTimers();
  sources = [];
  events = [];
  feed = new EventFeed(
    (url) => {
      sources.push(new FakeSource(url));
      return source();
    },
    (event) => events.push(event),
  );
});

afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

test('a stream is asked for with the time between figures and the last event that is known', () => {
  feed.start(5000, '');
  expect(source().url).toBe('/console-api/c/local/events?everyMs=5000');
  feed.start(1000, 'a-1');
  expect(sources[0]?.readyState).toBe(2);
  expect(source().url).toBe('/console-api/c/local/events?everyMs=1000&lastEventId=a-1');
});

test('events come through with their ids; what comes from an old stream does not', () => {
  feed.start(1000, '');
  hello('a-1');
  source().send('changes', { changes: [] }, 'a-2');
  expect(events).toEqual([
    { type: 'hello', data: { resumed: true, user: 'ann' }, id: 'a-1' },
    { type: 'changes', data: { changes: [] }, id: 'a-2' },
  ]);
  const old = source();
  feed.start(1000, 'a-2');
  old.send('changes', { changes: [] }, 'a-9');
  old.fail(2);
  expect(events).toHaveLength(2);
});

test('a connection that the browser opens again is left to it', () => {
  feed.start(1000, '');
  hello();
  source().fail(0);
  expect(types()).toEqual(['hello', 'lost']);
  expect(sources).toHaveLength(1);
  hello();
  expect(types()).toEqual(['hello', 'lost', 'hello']);
});

test('a connection that is refused is tried again, at longer and longer distances', async () => {
  feed.start(1000, '');
  for (const [i, ms] of [2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
    source().fail(2);
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(sources).toHaveLength(i + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sources).toHaveLength(i + 2);
  }
  hello();
  source().fail(2);
  await vi.advanceTimersByTimeAsync(2000);
  expect(sources).toHaveLength(8);
});

test('a stream that says nothing any more is dead, whatever the browser thinks', async () => {
  feed.start(1000, '');
  hello('a-7');
  await vi.advanceTimersByTimeAsync(5_999);
  expect(types()).toEqual(['hello']);
  await vi.advanceTimersByTimeAsync(1);
  expect(types()).toEqual(['hello', 'lost']);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(source().url).toContain('lastEventId=a-7');
});

test('a stream that Warren ends is opened again', async () => {
  feed.start(1000, '');
  hello();
  source().send('bye', { reason: 'stopping' });
  expect(types()).toEqual(['hello', 'bye', 'lost']);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sources).toHaveLength(2);
});

test('a stream that is not wanted any more stays closed', async () => {
  feed.start(1000, '');
  source().fail(2);
  feed.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sources).toHaveLength(1);
});
