import { describe, expect, test } from 'vitest';
import { rangeOf, statsOf } from '../../../lib/management/stats.ts';
import type { History } from '../../../lib/metrics/history.ts';

const range = (text: string) => rangeOf(new URLSearchParams(text), 'lengths');

const RANGE = { ageMs: 2_000, incrementMs: 1_000 };
const SECONDS = [0, 1_000, 2_000];
const past = (values: Record<string, number[]>) => () => ({ stepMs: 1_000, atMs: SECONDS, values });

describe('samples', () => {
  test('of a gauge are its points, newest first', () => {
    const { ready_details: details } = statsOf(
      [{ name: 'ready', value: 9, rate: 1.5, series: 'ready', kind: 'gauge' }],
      RANGE,
      past({ ready: [5, 7, 9] }),
    );
    expect(details.samples).toEqual([
      { sample: 9, timestamp: 2_000 },
      { sample: 7, timestamp: 1_000 },
      { sample: 5, timestamp: 0 },
    ]);
    expect([details.rate, details.avg, details.avg_rate]).toEqual([1.5, 7, 2]);
  });

  test('may be those of some series together, less those of others', () => {
    const series = { add: ['delivered', 'more'], less: ['got'] };
    const { deliver_details: details } = statsOf(
      [{ name: 'deliver', value: 20, rate: null, series, kind: 'counter' }],
      RANGE,
      past({ delivered: [0, 5, 6], more: [0, 1, 1], got: [0, 2, 3] }),
    );
    // Per second four more in each of the last two.
    expect(details.samples?.map(({ sample }) => sample)).toEqual([20, 16, 12]);
  });

  test('are not there where nobody asks', () => {
    const reading = { name: 'ready', value: 9, rate: 0, series: 'ready', kind: 'gauge' } as const;
    expect(statsOf([reading])).toEqual({ ready: 9, ready_details: { rate: 0 } });
  });
});

/** A minute of every second up to 100 s: two messages a second, the length is the time. */
const PAST: History = {
  stepMs: 1000,
  atMs: Array.from({ length: 60 }, (_, i) => (41 + i) * 1000),
  values: { published: new Array(60).fill(2), ready: Array.from({ length: 60 }, (_, i) => 41 + i) },
};

test('a range is two integers; otherwise there is none, as with RabbitMQ', () => {
  expect(range('lengths_age=60&lengths_incr=5')).toEqual({ ageMs: 60_000, incrementMs: 5_000 });
  expect(range('lengths_age=60')).toBeUndefined();
  expect(range('lengths_age=abc&lengths_incr=5')).toBeUndefined();
});

test.each(['age 0, incr 5', 'age -5, incr 5', 'age 60, incr 0', 'age 60000, incr 5', 'age 3600, incr 7'])(
  'refused: %s',
  (said) => {
    const [, age, incr] = /age (\S+), incr (\S+)/.exec(said) ?? [];
    expect(() => range(`lengths_age=${age}&lengths_incr=${incr}`)).toThrow(`Invalid range parameters: ${said}`);
  },
);

test('samples stand at multiples of the increment, newest first, and are 0 before anything was known', () => {
  const length = { name: 'messages', value: 100, rate: 1, series: 'ready', kind: 'gauge' } as const;
  const stats = statsOf([length], { ageMs: 80_000, incrementMs: 20_000 }, () => PAST);
  expect(stats.messages_details.samples).toEqual([
    { sample: 100, timestamp: 100_000 },
    { sample: 80, timestamp: 80_000 },
    { sample: 60, timestamp: 60_000 },
    { sample: 0, timestamp: 40_000 },
    { sample: 0, timestamp: 20_000 },
  ]);
  expect(stats.messages_details).toMatchObject({ rate: 1, avg: 48, avg_rate: 1.25 });
});

test('a counter is told as what it was, and before its history as what it was then', () => {
  const counter = { name: 'publish', value: 1000, rate: 2, series: 'published', kind: 'counter' } as const;
  const stats = statsOf([counter], { ageMs: 80_000, incrementMs: 40_000 }, () => PAST);
  // 40 s is before the first point: what was counted until then is what is left.
  expect(stats.publish_details.samples?.map(({ sample }) => sample)).toEqual([960, 880, 880]);
});

test('an age of which nothing is known is told as nothing', () => {
  const length = { name: 'messages', value: 1, rate: 0, series: { add: ['ready', 'unacked'] }, kind: 'gauge' } as const;
  const past = { stepMs: 1000, atMs: [90_000_000], values: { ready: [1], unacked: [2] } };
  const { samples } = statsOf([length], { ageMs: 86_400_000, incrementMs: 1_800_000 }, () => past).messages_details;
  expect(samples).toHaveLength(49);
  expect(samples?.map(({ sample }) => sample).slice(0, 3)).toEqual([3, 0, 0]);
});

test('one sample has no means', () => {
  const length = { name: 'messages', value: 1, rate: 0, series: 'ready', kind: 'gauge' } as const;
  const { messages_details } = statsOf([length], { ageMs: 7_000, incrementMs: 50_000 }, () => PAST);
  expect(messages_details.samples).toHaveLength(1);
  expect(messages_details).not.toHaveProperty('avg');
});
