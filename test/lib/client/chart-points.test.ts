import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newestOf, type Point, thinned } from '../../../components/charts/thinned.ts';
import { byteTicks, formatTick, timeTicks, valueTicks } from '../../../components/charts/ticks.ts';
import { formatBytes } from '../../../lib/client/formats.ts';

const columns = (count: number, stepMs = 1000) => ({
  stepMs,
  atMs: Array.from({ length: count }, (_, i) => i * stepMs),
  values: { ready: Array.from({ length: count }, (_, i) => i) },
});
const readyOf = (points: readonly Point[]) => points.map((point) => point.ready);
const at = (atMs: number, ready: number) => ({ atMs, ready });

test('few points stay as they are', () => {
  expect(readyOf(thinned(columns(5), ['ready'], at(4000, 4), 4000, 100))).toEqual([0, 1, 2, 3, 4]);
});

test('many become means of buckets that hang on the clock', () => {
  const first = thinned(columns(600), ['ready'], at(600_000, 600), 600_000, 100);
  expect(first.length).toBeLessThanOrEqual(101);
  expect(first[0]).toMatchObject({ ready: 2.5 });
  const later = thinned(columns(600), ['ready'], at(606_000, 606), 600_000, 100);
  expect(later[0]).toEqual(first[1]);
});

test('a chart ends with the newest point as it is, and never with half a bucket', () => {
  let means = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.constantFrom(1000, 10_000), (count, stepMs) => {
      const drawn = columns(count, stepMs);
      const newest = newestOf(drawn, ['ready']) as Point;
      const points = thinned(drawn, ['ready'], newest, 600 * stepMs, 240);
      expect(points.at(-1)).toEqual({ atMs: (count - 1) * stepMs, ready: count - 1 });
      // Three columns a bucket: the mean of a whole one is its middle.
      for (const { ready } of points.slice(1, -1)) {
        expect(Number(ready) % 3).toBe(1);
        means++;
      }
    }),
  );
  expect(means).toBeGreaterThan(0);
});

test('a chart ends with what is now, and what is newer than that is left out', () => {
  expect(thinned(columns(10), ['ready'], at(6000, 99), 3000, 100)).toEqual([
    at(3000, 3),
    at(4000, 4),
    at(5000, 5),
    at(6000, 99),
  ]);
});

test('what is older than the chart is left out', () => {
  expect(readyOf(thinned(columns(10), ['ready'], at(9000, 9), 2000, 100))).toEqual([7, 8, 9]);
});

test('the value axis goes in round steps to above the highest point', () => {
  expect(valueTicks(0)).toEqual([0, 1, 2, 3, 4]);
  expect(valueTicks(9)).toEqual([0, 5, 10]);
  expect(valueTicks(14_200)).toEqual([0, 5000, 10_000, 15_000]);
  for (const max of [1, 3, 7, 99, 101, 123_456, 9_999_999]) {
    const ticks = valueTicks(max);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
    expect(ticks.length).toBeLessThanOrEqual(6);
  }
});

test('the time axis has round times', () => {
  const ticks = timeTicks(1_700_000_003_000, 1_700_000_303_000);
  expect(ticks.every((tick) => tick % 60_000 === 0)).toBe(true);
  expect(ticks.length).toBe(5);
});

test('tick labels are short', () => {
  expect([0, 250, 2500, 1_500_000, 2e9].map(formatTick)).toEqual(['0', '250', '2.5k', '1.5M', '2G']);
});

test('an axis of bytes has few ticks, that are round in the words of the legend', () => {
  expect(byteTicks(0).map(formatBytes)).toEqual(['0 B', '1 B', '2 B', '3 B', '4 B']);
  expect(byteTicks(17_000).map(formatBytes)).toEqual(['0 B', '8 KiB', '16 KiB', '24 KiB']);
  expect(byteTicks(1_500_000).map(formatBytes)).toEqual(['0 B', '512 KiB', '1 MiB', '1.5 MiB']);
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 50 }), (max) => {
      const ticks = byteTicks(max);
      expect(ticks.length).toBeLessThanOrEqual(5);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
      // Each is told apart from the others.
      expect(new Set(ticks.map(formatBytes)).size).toBe(ticks.length);
    }),
  );
});
