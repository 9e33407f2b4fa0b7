/** A stream whose broker is killed under load: what was confirmed keeps its offset, and offsets have no gap. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel, ConsumeMessage } from 'amqplib';
import { afterAll, expect, test } from 'vitest';
import { ended, open, start } from './mortal-broker.ts';

const ROUNDS = Number(process.env.WARREN_CRASH_ROUNDS ?? 4);
const EVENTS = 'events';

const dataDir = mkdtempSync(join(tmpdir(), 'warren-crash-stream-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** Publishes until the broker is gone; `confirmed` gets each body that the broker has vouched for. */
async function publish(url: string, round: number, confirmed: string[]): Promise<void> {
  const channel = await (await open(url)).createConfirmChannel();
  channel.on('error', () => {});
  for (let number = 0; ; number++) {
    const body = `${round}-${String(number).padStart(7, '0')}`;
    const goesOn = channel.sendToQueue(EVENTS, Buffer.from(body.padEnd(200 + (number % 7) * 300)), {}, (error) => {
      if (!error) confirmed.push(body);
    });
    if (!goesOn) await new Promise((resolve) => channel.once('drain', resolve));
    if (number % 50 === 49) await channel.waitForConfirms();
  }
}

/** Everything from the first message on: bodies by offset. */
async function readAll(channel: Channel): Promise<Map<number, string>> {
  const { messageCount } = await channel.checkQueue(EVENTS);
  const bodies = new Map<number, string>();
  if (messageCount === 0) return bodies;
  await channel.prefetch(500);
  await new Promise<void>((resolve) => {
    const take = (message: ConsumeMessage | null): void => {
      if (!message) return;
      bodies.set(message.properties.headers?.['x-stream-offset'], message.content.toString().trimEnd());
      channel.ack(message);
      if (bodies.size === messageCount) resolve();
    };
    void channel.consume(EVENTS, take, { arguments: { 'x-stream-offset': 'first' } });
  });
  return bodies;
}

test(`a stream survives ${ROUNDS} kills`, { timeout: 60_000 + ROUNDS * 15_000 }, async () => {
  let before = new Map<number, string>();
  for (let round = 0; round < ROUNDS; round++) {
    const { child, url } = await start(dataDir);
    const setup = await (await open(url)).createChannel();
    await setup.assertQueue(EVENTS, { arguments: { 'x-queue-type': 'stream' } });
    const confirmed: string[] = [];
    void publish(url, round, confirmed).catch(() => {});
    await expect.poll(() => confirmed.length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 700));
    await ended(child, 'kill');

    const again = await start(dataDir);
    const model = await open(again.url);
    const found = await readAll(await model.createChannel());
    expect([...found.keys()], 'offsets have no gap').toEqual(Array.from({ length: found.size }, (_, i) => i));
    const bodies = [...found.values()];
    expect(bodies.slice(0, before.size), 'what was there is where it was').toEqual([...before.values()]);
    const news = bodies.slice(before.size);
    expect(news, 'in the order of its publishing').toEqual([...news].sort());
    const there = new Set(news);
    expect(there.size, 'nothing is there twice').toBe(news.length);
    expect(
      confirmed.filter((body) => !there.has(body)),
      'what was confirmed is there',
    ).toEqual([]);
    before = found;
    await model.close();
    await ended(again.child, 'stop');
  }
});
