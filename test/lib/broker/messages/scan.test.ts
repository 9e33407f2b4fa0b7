import { expect, test } from 'vitest';
import type { MessageView } from '../../../../lib/broker/messages/message.ts';
import { ReadyMessages } from '../../../../lib/broker/messages/ready-messages.ts';
import { contains, scan } from '../../../../lib/broker/messages/scan.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { bodyOf, sampleMessage } from '../sample-message.ts';

const EVERYTHING = { from: -1, wanted: 1e9, timeMs: 1e9 };

function filled(count: number): ReadyMessages {
  const ready = new ReadyMessages(new MemoryStore(), 'log', 0, true);
  for (let i = 0; i < count; i++) ready.add(sampleMessage(`body ${i}`), 1, 0);
  return ready;
}

test('looks at every message once, in their order', async () => {
  const seen: string[] = [];
  const end = await scan(filled(1000), EVERYTHING, (message) => seen.push(bodyOf(message)) > 0);
  expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => `body ${i}`));
  expect(end).toEqual({ next: -1, scanned: 1000 });
});

test('ends when it has found enough, and goes on from there', async () => {
  const ready = filled(1000);
  const found: string[] = [];
  const isNeedle = (message: MessageView): boolean => {
    if (!contains(message, Buffer.from('77'))) return false;
    found.push(bodyOf(message));
    return true;
  };
  const first = await scan(ready, { ...EVERYTHING, wanted: 2 }, isNeedle);
  expect(found).toEqual(['body 77', 'body 177']);
  const second = await scan(ready, { ...EVERYTHING, from: first.next }, isNeedle);
  expect(found).toHaveLength(19);
  expect(first.scanned + second.scanned).toBe(1000);
});

test('others get their turn, and may take what was not looked at yet', async () => {
  const ready = filled(1000);
  let seen = 0;
  const scanning = scan(ready, EVERYTHING, () => ++seen > 0);
  const atFirst = seen;
  for (let i = 0; i < 500; i++) ready.take();
  const { scanned } = await scanning;
  expect(atFirst).toBeLessThan(500);
  expect(scanned).toBe(atFirst + 500);
});

test('ends when its time is over', async () => {
  const { next, scanned } = await scan(filled(1000), { ...EVERYTHING, timeMs: 0 }, () => true);
  expect(scanned).toBeLessThan(1000);
  expect(next).toBeGreaterThanOrEqual(0);
});

test('finds text in the routing key, the properties and the body', async () => {
  const ready = new ReadyMessages(new MemoryStore(), 'log', 0, true);
  ready.add(sampleMessage('needle in the body', { type: 'typed' }), 1, 0);
  const finds = async (text: string): Promise<boolean> => {
    let found = false;
    await scan(ready, EVERYTHING, (message) => {
      found = contains(message, Buffer.from(text));
      return found;
    });
    return found;
  };
  expect(await finds('needle')).toBe(true);
  expect(await finds('typed')).toBe(true);
  expect(await finds('absent')).toBe(false);
});
