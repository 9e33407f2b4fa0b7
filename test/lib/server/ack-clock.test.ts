import { expect, test } from 'vitest';
import { AckClock } from '../../../lib/server/ack-clock.ts';

test('a delivery has waited since it was first seen, whatever came after it', () => {
  const clock = new AckClock();
  expect(clock.look(100, 1, 1)).toBe(100);
  expect(clock.look(160, 1, 9)).toBe(100);
  expect(clock.look(220, 1, 9)).toBe(100);
});

test('when older ones are settled, the next has waited since the look that saw it', () => {
  const clock = new AckClock();
  clock.look(100, 1, 5);
  clock.look(160, 1, 9);
  expect(clock.look(220, 3, 9)).toBe(100);
  expect(clock.look(280, 6, 9)).toBe(160);
  expect(clock.look(340, 10, 12)).toBe(340);
});

test('what came since the last look counts from now, and nothing is left after nothing waited', () => {
  const clock = new AckClock();
  clock.look(100, 1, 5);
  expect(clock.look(160, 6, 6)).toBe(160);
  clock.clear();
  expect(clock.look(220, 6, 6)).toBe(220);
});
