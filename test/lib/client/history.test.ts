import { expect, test } from 'vitest';
import { joined, rangesOf } from '../../../lib/client/history.ts';

const history = (from: number, count: number) => ({
  stepMs: 1000,
  atMs: Array.from({ length: count }, (_, i) => (from + i) * 1000),
  values: { ready: Array.from({ length: count }, (_, i) => from + i) },
});

test('new points go behind those that are there, and the oldest leave', () => {
  const result = joined(history(1, 10), history(11, 2), 10_000);
  expect(result.atMs[0]).toBe(3000);
  expect(result.values.ready).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('nothing new changes nothing', () => {
  const known = history(1, 3);
  expect(joined(known, history(4, 0), 10_000)).toBe(known);
});

test('after a long pause only what is new remains', () => {
  expect(joined(history(1, 5), history(1000, 2), 10_000).values.ready).toEqual([1000, 1001]);
});

test('a day is there of the whole node, an hour of anything else', () => {
  expect(rangesOf({ scope: 'totals' })).toEqual(['1m', '5m', '10m', '1h', '8h', '24h']);
  expect(rangesOf({ scope: 'queue', vhost: '/', name: 'orders' }).at(-1)).toBe('1h');
});
