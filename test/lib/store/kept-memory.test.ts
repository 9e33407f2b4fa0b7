/** Messages that need not survive: they stay in memory while that is little, and go to the disk all together when it is not. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MessageView } from '../../../lib/broker/messages/message.ts';
import type { MessageLog } from '../../../lib/broker/ports.ts';
import { DiskStore } from '../../../lib/store/disk-store.ts';
import { bodyOf, sampleMessage } from '../broker/sample-message.ts';
import { FaultyDisk } from './faulty-disk.ts';
import { Random } from './random.ts';

const KEPT_BYTES = 800_000;
/** Longer than what nobody waits for is left alone. */
const BATCH_MS = 100;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

function start(): { disk: FaultyDisk; store: DiskStore } {
  const disk = new FaultyDisk(new Random(1));
  const options = { dataDir: '/data', freeBytesMin: 0, keptBytesMax: KEPT_BYTES, log: () => {} };
  return { disk, store: new DiskStore({ disk, ...options }) };
}

const bodyAt = (number: number): string => `${number}`.padEnd(1000);

function append(log: MessageLog, count: number, deliveryMode = 1, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => log.append(sampleMessage(bodyAt(from + i), { deliveryMode }), 1, 0));
}

function read(log: MessageLog, position: number): string {
  const view = new MessageView();
  log.read(position, view);
  return bodyOf(view);
}

const logFiles = ({ files }: FaultyDisk): string[] => [...files.keys()].filter((path) => path.endsWith('.log'));

test.each([true, false])('little is never written, in a log that is durable: %s', async (durable) => {
  const { disk, store } = start();
  const log = store.open('a', durable);
  store.finishRecovery(new Set());
  for (let round = 0; round < 20; round++) {
    const positions = append(log, 90);
    await vi.advanceTimersByTimeAsync(BATCH_MS);
    for (const position of positions) log.remove(position, 1000);
  }
  expect(logFiles(disk)).toEqual([]);
});

test('much goes to the disk, of all logs, also of those that were filled long ago; and is read back', async () => {
  const { disk, store } = start();
  const logs = ['a', 'b', 'c'].map((name) => store.open(name, name === 'c'));
  store.finishRecovery(new Set());
  const places: { log: MessageLog; position: number; body: string }[] = [];
  for (const [index, log] of logs.entries()) {
    const positions = append(log, 300, 1, 1000 * index);
    places.push(...positions.map((position, i) => ({ log, position, body: bodyAt(1000 * index + i) })));
    expect(logFiles(disk)).toEqual([]);
    await vi.advanceTimersByTimeAsync(BATCH_MS);
  }
  expect(
    logFiles(disk)
      .map((path) => path.split('/').at(-2))
      .toSorted(),
  ).toEqual(['a', 'b', 'c']);
  for (const { log, position, body } of places) expect(read(log, position)).toBe(body);
});

test('what was taken meanwhile is not counted as kept', async () => {
  const { disk, store } = start();
  const logs = ['a', 'b', 'c', 'd', 'e'].map((name) => store.open(name, false));
  store.finishRecovery(new Set());
  for (const log of logs) {
    const positions = append(log, 300);
    await vi.advanceTimersByTimeAsync(BATCH_MS);
    for (const position of positions) log.remove(position, 1000);
  }
  expect(logFiles(disk)).toEqual([]);
});

test('what must survive takes what was kept before it along, and is safe when that is said', async () => {
  const { disk, store } = start();
  const log = store.open('a', true);
  store.finishRecovery(new Set());
  append(log, 20);
  append(log, 1, 2, 20);
  await store.sync();
  const again = new DiskStore({ disk: disk.crash(true), dataDir: '/data', freeBytesMin: 0, log: () => {} });
  const after = again.open('a', true);
  expect(after.corrupt).toBeNull();
  expect(after.liveCount).toBe(1);
  expect(read(after, after.seek(0))).toBe(bodyAt(20));
});

test('memory that is used again holds what was put there last', async () => {
  const { store } = start();
  const log = store.open('a', false);
  store.finishRecovery(new Set());
  for (let round = 0; round < 6; round++) {
    const positions = append(log, 1500, 1, 10_000 * round);
    if (round % 2 === 0) await vi.advanceTimersByTimeAsync(BATCH_MS);
    for (const [i, position] of positions.entries()) expect(read(log, position)).toBe(bodyAt(10_000 * round + i));
    for (const position of positions) log.remove(position, 1000);
  }
  expect(log.liveCount).toBe(0);
});
