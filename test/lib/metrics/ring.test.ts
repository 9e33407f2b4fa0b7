import { expect, test } from 'vitest';
import { Ring } from '../../../lib/metrics/ring.ts';

function rowsOf(ring: Ring, afterMs = -1): [number, number[]][] {
  const rows: [number, number[]][] = [];
  ring.each(afterMs, (atMs, row) => rows.push([atMs, [...row]]));
  return rows;
}

test.each([1, 31, 32, 33, 64, 65, 99, 100, 101, 250])('keeps the last hundred of %i rows, oldest first', (count) => {
  const ring = new Ring(100, 2);
  for (let i = 0; i < count; i++) ring.push(i, [i, -i]);
  const first = Math.max(0, count - 100);
  expect(rowsOf(ring)).toEqual(Array.from({ length: count - first }, (_, i) => [first + i, [first + i, -(first + i)]]));
  expect(ring.length).toBe(count - first);
});

test('gives only what is newer', () => {
  const ring = new Ring(10, 1);
  for (let i = 0; i < 15; i++) ring.push(i, [i]);
  expect(rowsOf(ring, 12).map(([atMs]) => atMs)).toEqual([13, 14]);
});
