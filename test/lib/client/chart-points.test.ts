import { expect, test } from 'vitest';
import { thinned } from '../../../components/charts/thinned.ts';
import { formatTick, timeTicks, valueTicks } from '../../../components/charts/ticks.ts';

const columns = (count: number) => ({
  atMs: Array.from({ length: count }, (_, i) => i * 1000),
  values: { ready: Array.from({ length: count }, (_, i) => i) },
});

test('few points stay as they are', () => {
  const points = thinned(columns(5), ['ready'], 0, 4000, 100);
  expect(points.map((point) => point.ready)).toEqual([0, 1, 2, 3, 4]);
});

test('many become means of buckets that hang on the clock', () => {
  const first = thinned(columns(600), ['ready'], 0, 600_000, 100);
  expect(first.length).toBeLessThanOrEqual(100);
  expect(first[0]).toMatchObject({ ready: 2.5 });
  const later = thinned(columns(600), ['ready'], 6000, 606_000, 100);
  expect(later[0]).toEqual(first[1]);
});

test('what is older than the chart is left out', () => {
  expect(thinned(columns(10), ['ready'], 7000, 10_000, 100).map((point) => point.ready)).toEqual([7, 8, 9]);
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
