import { expect, test } from 'vitest';
import { sampleMessage } from '../broker/sample-message.ts';
import { MemoryStore } from './memory-store.ts';

test('a short queue that never grows lives in one small segment', () => {
  const store = new MemoryStore();
  const log = store.open('a');
  for (let i = 0; i < 100_000; i++) log.remove(log.append(sampleMessage('x'.repeat(i % 100)), 1, 0), i % 100);
  expect(store.bytes).toBe(4096);
});

test('an empty segment is let go when a message does not fit behind it', () => {
  const store = new MemoryStore();
  const log = store.open('a');
  const sizes = [1000, 8000, 100_000, 1_000_000, 4_000_000];
  for (const size of sizes) {
    log.remove(log.append(sampleMessage('small'), 1, 0), 5);
    log.remove(log.append(sampleMessage('x'.repeat(size)), 1, 0), size);
  }
  expect(store.bytes).toBeLessThan(4_100_000);
});

test('segments grow with the log, so that a thousand short queues are small and a long one is quick', () => {
  const store = new MemoryStore();
  for (let i = 0; i < 1000; i++) store.open(`q${i}`).append(sampleMessage('x'), 1, 0);
  expect(store.bytes).toBe(1000 * 4096);
});
