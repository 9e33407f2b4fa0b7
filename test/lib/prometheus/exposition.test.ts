import { expect, test } from 'vitest';
import { Exposition, labelText } from '../../../lib/prometheus/exposition.ts';

test('a family has its help and type before its series', () => {
  const page = new Exposition();
  page.family('a_total', 'counter', 'How many');
  page.series('a_total', {}, 1);
  page.series('a_total', { x: 'y', z: '' }, 2.5);
  expect(page.take()).toBe('# HELP a_total How many\n# TYPE a_total counter\na_total 1\na_total{x="y",z=""} 2.5\n');
  expect(page.take()).toBe('');
});

test('names of queues can be anything: what the format gives a meaning is escaped', () => {
  expect(labelText({ queue: 'a"b\\c\nd{},=ä' })).toBe('{queue="a\\"b\\\\c\\nd{},=ä"}');
  const page = new Exposition();
  page.single('a', 'gauge', 'back\\slash\nand line, "quotes" stay', 0);
  expect(page.take()).toBe('# HELP a back\\\\slash\\nand line, "quotes" stay\n# TYPE a gauge\na 0\n');
});

test('numbers as Prometheus reads them', () => {
  const page = new Exposition();
  for (const value of [0, -1, 0.1, 1e21, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
    page.series('a', {}, value);
  }
  expect(page.take().split('\n').slice(0, -1)).toEqual([
    'a 0',
    'a -1',
    'a 0.1',
    'a 1e+21',
    'a +Inf',
    'a -Inf',
    'a NaN',
  ]);
});
