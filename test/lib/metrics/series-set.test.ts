import { expect, test } from 'vitest';
import { Rows } from '../../../lib/metrics/rows.ts';
import { SeriesSet } from '../../../lib/metrics/series-set.ts';

const READINGS = [{ name: 'count', kind: 'counter' as const, columns: [0] }];

function rows(things: Record<string, number>): Rows {
  return new Rows({ keys: Object.keys(things), values: Float64Array.from(Object.values(things)) }, 1, undefined, 0);
}

test('there are never more series than allowed', () => {
  const set = new SeriesSet(READINGS, 3);
  set.observe(0, rows(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`q${i}`, i]))));
  expect(set.size).toBe(3);
});

test('what moves takes the place of what has been still for a minute', () => {
  const set = new SeriesSet(READINGS, 2);
  for (let second = 0; second <= 70; second++) set.observe(second * 1000, rows({ still: 1, moving: second }));
  set.observe(71_000, rows({ still: 1, moving: 71, fresh: 5 }));
  expect(set.find('still')).toBeUndefined();
  expect(set.find('moving')).toBeDefined();
  expect(set.find('fresh')).toBeDefined();
});

test('a newcomer that does not move displaces nobody', () => {
  const set = new SeriesSet(READINGS, 1);
  for (let second = 0; second <= 70; second++) set.observe(second * 1000, rows({ still: 1, idle: 0 }));
  expect(set.find('still')).toBeDefined();
  expect(set.find('idle')).toBeUndefined();
});
