import { expect, test } from 'vitest';
import { isHeaded, nextMark, REPLAYS_MAX, replaysOf } from '../../../../lib/broker/messages/replay-mark.ts';

test('a mark counts, stops at its bound and says whose the headers are', () => {
  let mark = 0;
  expect([replaysOf(mark), isHeaded(mark)]).toEqual([0, false]);
  for (let i = 1; i <= 300; i++) {
    mark = nextMark(mark, i % 2 === 0);
    expect([replaysOf(mark), isHeaded(mark)]).toEqual([Math.min(i, REPLAYS_MAX), i % 2 === 0]);
    expect(mark).toBeLessThanOrEqual(0xff);
    expect(mark).toBeGreaterThan(0);
  }
});
