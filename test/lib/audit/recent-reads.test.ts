import { expect, test } from 'vitest';
import { RecentReads } from '../../../lib/audit/recent-reads.ts';

const MINUTE = 60_000;

test('the same read counts once in ten minutes', () => {
  const reads = new RecentReads();
  expect([0, 1, 9 * MINUTE].map((atMs) => reads.isNew('a', atMs))).toEqual([true, false, false]);
  expect(reads.isNew('b', 1)).toBe(true);
  expect(reads.isNew('a', 10 * MINUTE)).toBe(true);
});

test('of very many reads the oldest is forgotten', () => {
  const reads = new RecentReads();
  for (let i = 0; i < 1001; i++) reads.isNew(String(i), i);
  expect(reads.isNew('0', 2000)).toBe(true);
  expect(reads.isNew('1000', 2000)).toBe(false);
});
