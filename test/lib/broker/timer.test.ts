import { expect, test } from 'vitest';
import { Timer } from '../../../lib/broker/timer.ts';
import { FakeClock } from './fake-clock.ts';

function timerOn(clock: FakeClock) {
  const fired: number[] = [];
  const timer = new Timer(clock, () => fired.push(clock.now()));
  return { timer, fired };
}

test('a timer calls once, at its moment', () => {
  const clock = new FakeClock(0);
  const { timer, fired } = timerOn(clock);
  timer.set(100);
  clock.advance(1000);
  expect(fired).toEqual([100]);
});

test('setting it again moves the moment; cancelling ends it', () => {
  const clock = new FakeClock(0);
  const { timer, fired } = timerOn(clock);
  timer.set(100);
  timer.set(50);
  clock.advance(60);
  expect(fired).toEqual([50]);
  timer.set(100);
  timer.set(200);
  clock.advance(100);
  expect(fired).toEqual([50]);
  timer.cancel();
  clock.advance(1000);
  expect(fired).toEqual([50]);
  expect(clock.waiting).toBe(0);
});

test('setting it to the same moment keeps the one call', () => {
  const clock = new FakeClock(0);
  const { timer, fired } = timerOn(clock);
  for (let i = 0; i < 5; i++) timer.set(100);
  expect(clock.waiting).toBe(1);
  clock.advance(100);
  timer.set(100);
  clock.advance(0);
  expect(fired).toEqual([100, 100]);
});

test('a clock that calls early, as it does for long waits, is asked again', () => {
  const clock = new FakeClock(0);
  const early = {
    now: () => clock.now(),
    after: (ms: number, callback: () => void) => clock.after(Math.min(ms, 10), callback),
  };
  const fired: number[] = [];
  new Timer(early, () => fired.push(clock.now())).set(35);
  clock.advance(34);
  expect(fired).toEqual([]);
  clock.advance(1);
  expect(fired).toEqual([35]);
});
