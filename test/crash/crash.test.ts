/**
 * A broker under load is killed with SIGKILL, again and again, and started on the same directory: what was confirmed and
 * not settled is there, once. WARREN_CRASH_ROUNDS says how often; WARREN_SEED which moments.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelModel } from 'amqplib';
import { afterAll, expect, test } from 'vitest';
import { ended, open, start } from './mortal-broker.ts';
import { moveAll } from './mover.ts';

const ROUNDS = Number(process.env.WARREN_CRASH_ROUNDS ?? 4);
const SEED = Number(process.env.WARREN_SEED ?? Date.now() % 1_000_000);
const PUBLISHERS = 3;
const WORK = 'work';
const DEAD = 'work.dead';

const folder = mkdtempSync(join(tmpdir(), 'warren-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The record of what the clients know: keys are "publisher-number". */
class Book {
  readonly published = new Set<string>();
  readonly confirmed = new Set<string>();
  readonly acked = new Set<string>();
  readonly rejected = new Set<string>();
  /** Sent back from the dead letters, perhaps more than once. */
  readonly moved = new Set<string>();
}

let seed = SEED;
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

async function publish(url: string, publisher: number, round: number, book: Book): Promise<void> {
  const channel = await (await open(url)).createConfirmChannel();
  channel.on('error', () => {});
  for (let number = 0; ; number++) {
    const key = `${publisher}-${round}-${String(number).padStart(7, '0')}`;
    book.published.add(key);
    const body = Buffer.from(key.padEnd(20 + Math.floor(random() * 3000)));
    const goesOn = channel.sendToQueue(WORK, body, { persistent: true }, (error) => {
      if (!error) book.confirmed.add(key);
    });
    if (!goesOn) await new Promise((resolve) => channel.once('drain', resolve));
    if (number % 50 === 49) await channel.waitForConfirms();
  }
}

async function consume(url: string, book: Book): Promise<void> {
  const channel = await (await open(url)).createChannel();
  channel.on('error', () => {});
  await channel.prefetch(100);
  await channel.consume(WORK, (message) => {
    if (!message) return;
    const key = message.content.toString().trimEnd();
    if (random() < 0.1) {
      book.rejected.add(key);
      channel.reject(message, false);
    } else if (random() < 0.9) {
      book.acked.add(key);
      channel.ack(message);
    }
  });
}

async function drain(model: ChannelModel, queue: string): Promise<{ key: string; redelivered: boolean }[]> {
  const channel = await model.createChannel();
  const { messageCount } = await channel.checkQueue(queue);
  const found: { key: string; redelivered: boolean }[] = [];
  for (let got = await channel.get(queue, { noAck: true }); got; got = await channel.get(queue, { noAck: true })) {
    found.push({ key: got.content.toString().trimEnd(), redelivered: got.fields.redelivered });
  }
  expect(found, `${queue} holds what it says`).toHaveLength(messageCount);
  await channel.close();
  return found;
}

function judge(book: Book, work: { key: string; redelivered: boolean }[], dead: { key: string }[]): void {
  const inWork = new Map(work.map((one) => [one.key, one.redelivered]));
  const inDead = new Set(dead.map((one) => one.key));
  expect(inWork.size, 'nothing is in the queue twice').toBe(work.length);
  expect(inDead.size, 'nothing died twice').toBe(dead.length);
  for (const key of [...inWork.keys(), ...inDead]) expect(book.published.has(key), `${key} was published`).toBe(true);
  for (const key of book.confirmed) {
    const places = Number(inWork.has(key)) + Number(inDead.has(key));
    if (book.acked.has(key)) {
      // The last ack may be lost, and with it the last move.
      expect(places, `${key} was acked: at one place at most`).toBeLessThanOrEqual(1);
      if (book.moved.has(key)) continue;
      expect(inDead.has(key), `${key} was acked and is no dead letter`).toBe(false);
      if (inWork.has(key)) expect(inWork.get(key), `${key} comes back redelivered`).toBe(true);
    } else if (book.rejected.has(key)) expect(places, `${key} was rejected: in one of two places`).toBe(1);
    else expect([places, inWork.has(key)], `${key} was confirmed and not settled`).toEqual([1, true]);
  }
  for (let publisher = 0; publisher < PUBLISHERS; publisher++) {
    const fresh = work
      .filter(({ key, redelivered }) => !redelivered && !book.moved.has(key) && key.startsWith(`${publisher}-`))
      .map(({ key }) => key);
    expect(fresh, 'what was never delivered is in the order of its publishing').toEqual([...fresh].sort());
  }
}

/** The arguments of the queue under load, by its type. */
const TYPES: Record<string, Record<string, unknown>> = {
  classic: {},
  quorum: { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' },
};

test.each(Object.entries(TYPES))(
  `what was confirmed survives ${ROUNDS} kills, in a %s queue (WARREN_SEED=${SEED})`,
  {
    timeout: 60_000 + ROUNDS * 15_000,
  },
  async (type, args) => {
    const dataDir = join(folder, type);
    let moves = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const book = new Book();
      const { child, url } = await start(dataDir);
      const setup = await open(url);
      const channel = await setup.createChannel();
      await channel.assertQueue(DEAD, { durable: true });
      await channel.assertQueue(WORK, {
        deadLetterExchange: '',
        deadLetterRoutingKey: DEAD,
        arguments: { 'x-queue-type': type, ...args },
      });
      const ends = Array.from({ length: PUBLISHERS }, (_, publisher) =>
        publish(url, publisher, round, book).catch(() => {}),
      );
      ends.push(consume(url, book).catch(() => {}));
      let moving: unknown;
      void moveAll(child, DEAD, WORK, (body) => book.moved.add(body.trimEnd())).catch((error: unknown) => {
        moving = error;
      });
      await expect.poll(() => book.confirmed.size, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, random() * 1000));
      await ended(child, 'kill');

      const again = await start(dataDir);
      const model = await open(again.url);
      const work = await drain(model, WORK);
      const dead = await drain(model, DEAD);
      moves += book.moved.size;
      expect(moving, 'moves are refused').toBeUndefined();
      judge(book, work, dead);
      await model.close();
      await ended(again.child, 'stop');
    }
    expect(moves, 'something was moved').toBeGreaterThan(0);
  },
);
