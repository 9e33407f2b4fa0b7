import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat } from '../../../lib/server/heartbeat.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function beating(seconds: number) {
  const ends = { sent: 0, received: 0, paused: false, beats: 0, deaths: 0 };
  const heartbeat = new Heartbeat(seconds, {
    sentBytes: () => ends.sent,
    receivedBytes: () => ends.received,
    isPaused: () => ends.paused,
    beat: () => {
      ends.beats++;
      ends.sent += 8;
    },
    dead: () => {
      ends.deaths++;
    },
  });
  return { ends, heartbeat };
}

test('a quiet server beats at every half interval', () => {
  const { ends, heartbeat } = beating(10);
  for (let i = 1; i <= 3; i++) {
    ends.received++;
    vi.advanceTimersByTime(5000);
    expect(ends.beats).toBe(i);
  }
  heartbeat.stop();
});

test('a server that sends anyway does not beat', () => {
  const { ends, heartbeat } = beating(10);
  for (let i = 0; i < 6; i++) {
    ends.sent += 100;
    ends.received++;
    vi.advanceTimersByTime(5000);
  }
  expect(ends.beats).toBe(0);
  heartbeat.stop();
});

test('a client that is silent for two intervals is dead, not before', () => {
  const { ends, heartbeat } = beating(10);
  ends.received = 1;
  vi.advanceTimersByTime(5000);
  vi.advanceTimersByTime(19_999);
  expect(ends.deaths).toBe(0);
  vi.advanceTimersByTime(1);
  expect(ends.deaths).toBe(1);
  heartbeat.stop();
});

test('any byte shows that the client lives', () => {
  const { ends, heartbeat } = beating(10);
  for (let i = 0; i < 20; i++) {
    vi.advanceTimersByTime(15_000);
    ends.received++;
  }
  expect(ends.deaths).toBe(0);
  heartbeat.stop();
});

test('silence proves nothing while the server itself does not read', () => {
  const { ends, heartbeat } = beating(10);
  ends.paused = true;
  vi.advanceTimersByTime(100_000);
  expect(ends.deaths).toBe(0);
  ends.paused = false;
  vi.advanceTimersByTime(19_999);
  expect(ends.deaths).toBe(0);
  vi.advanceTimersByTime(1);
  expect(ends.deaths).toBe(1);
  heartbeat.stop();
});

test('a stopped heartbeat is still', () => {
  const { ends, heartbeat } = beating(10);
  heartbeat.stop();
  vi.advanceTimersByTime(1_000_000);
  expect([ends.beats, ends.deaths]).toEqual([0, 0]);
});
