import { expect, test } from 'vitest';
import { AckClock } from '../../../lib/server/ack-clock.ts';

test('a delivery has waited since it was first seen, whatever came after it', () => {
  const clock = new AckClock();
  expect(clock.waitingSince(100, 1, 1)).toBe(100);
  expect(clock.waitingSince(160, 1, 9)).toBe(100);
  expect(clock.waitingSince(220, 1, 9)).toBe(100);
});

test('when older ones are settled, the next has waited since the call that saw it', () => {
  const clock = new AckClock();
  clock.waitingSince(100, 1, 5);
  clock.waitingSince(160, 1, 9);
  expect(clock.waitingSince(220, 3, 9)).toBe(100);
  expect(clock.waitingSince(280, 6, 9)).toBe(160);
  expect(clock.waitingSince(340, 10, 12)).toBe(340);
});

test('what came since the last call counts from now, and nothing is left after nothing waited', () => {
  const clock = new AckClock();
  clock.waitingSince(100, 1, 5);
  expect(clock.waitingSince(160, 6, 6)).toBe(160);
  clock.clear();
  expect(clock.waitingSince(220, 6, 6)).toBe(220);
});
