/** A data directory as an older build left it: everything in it is there, and it goes on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findField } from '../../lib/amqp/field-table.ts';
import { hashPassword, verifyPassword } from '../../lib/auth/password.ts';
import { Broker } from '../../lib/broker/broker.ts';
import { systemClock } from '../../lib/broker/clock.ts';
import type { Queue } from '../../lib/broker/queues/queue.ts';
import { openDatabase } from '../../lib/db/database.ts';
import { PrismaDefinitionStore } from '../../lib/db/definitions.ts';
import { systemDisk } from '../../lib/store/disk.ts';
import { DiskStore } from '../../lib/store/disk-store.ts';
import { putOlderDirectory } from '../older-directory.ts';
import { newConsumer, RecordingSink } from './broker/recording-sink.ts';
import { bodyOf, headersOf, sampleMessage } from './broker/sample-message.ts';
import { scratchFolder } from './db/scratch-database.ts';

interface Running {
  queue(name: string): Queue;
  /** Errors and warnings. */
  complaints: string[];
  stop(): Promise<void>;
}

async function start(dataDir: string): Promise<Running> {
  const complaints: string[] = [];
  const log = (level: string, text: string): void => {
    if (level !== 'info') complaints.push(text);
  };
  const database = await openDatabase(`file:${join(dataDir, 'warren.db')}`, 'prisma/migrations');
  const store = new DiskStore({ disk: systemDisk, dataDir, freeBytesMin: 0, log });
  const broker = new Broker({
    ...{ node: 'rabbit@here', clock: systemClock, store, definitions: new PrismaDefinitionStore(database), log },
    ...{ verifyPassword, hashPassword, loopbackUsers: [] },
  });
  await broker.start({ user: 'guest', password: 'guest', vhost: '/' });
  return {
    complaints,
    queue(name) {
      const queue = broker.vhosts.get('/')?.queues.get(name);
      if (queue === undefined) throw new Error(`there is no queue ${name}`);
      return queue;
    },
    async stop() {
      await store.close();
      await database.$disconnect();
    },
  };
}

function oldDirectory(): string {
  const dataDir = join(scratchFolder(), 'data');
  putOlderDirectory(dataDir);
  return dataDir;
}

/** The bodies of ready messages, without the padding. */
function ready(queue: Queue): string[] {
  const found: string[] = [];
  queue.peek(-1, 100, (message) => void found.push(bodyOf(message).replace(/\.+$/, '')));
  return found;
}

/** Offset and body of everything in a stream. */
function readStream(queue: Queue): [offset: number, body: string][] {
  const read: [number, string][] = [];
  const sink = new RecordingSink();
  sink.deliver = (_consumer, message) => {
    const field = findField(headersOf(message), 'x-stream-offset');
    read.push([field?.type === 'l' ? Number(field.value) : -1, bodyOf(message).replace(/\.+$/, '')]);
  };
  const args = [['x-stream-offset', { type: 'S', value: 'first' }]] as never;
  queue.subscribe(newConsumer(queue, sink, { prefetch: 1000, arguments: args }));
  queue.dispatch();
  return read;
}

test('messages of format 1 are read with all that was kept with them', async () => {
  const running = await start(oldDirectory());
  expect(running.complaints).toEqual([]);
  expect(ready(running.queue('orders'))).toEqual(['order 1', 'order 2', 'order 3']);
  expect(ready(running.queue('urgent'))).toEqual(['urgent 2', 'urgent 1', 'urgent 0']);
  expect(ready(running.queue('jobs'))).toEqual(['job 0', 'job 1']);
  const expiries: number[] = [];
  running.queue('orders').peek(-1, 100, (message) => void expiries.push(message.expiresAtMs));
  expect(expiries.map((expiry) => expiry > 0)).toEqual([false, false, true]);
  await running.stop();
});

test('a stream of format 1 keeps its offsets, and goes on with the next one in the present format', async () => {
  const dataDir = oldDirectory();
  const old = [6, 7, 8, 9, 10, 11].map((offset) => [offset, `event ${offset}`]);
  const first = await start(dataDir);
  const events = first.queue('events');
  expect(events.stream).toMatchObject({ firstOffset: 6, nextOffset: 12 });
  expect(readStream(events)).toEqual(old);
  events.publish(sampleMessage('event 12', { deliveryMode: 2 }));
  expect(events.stream).toMatchObject({ nextOffset: 13 });
  await first.stop();
  const second = await start(dataDir);
  expect(second.complaints).toEqual([]);
  expect(readStream(second.queue('events'))).toEqual([...old, [12, 'event 12']]);
  await second.stop();
  expect(formats(dataDir)).toEqual({ 1: 3, 2: 1 });
});

/** How many files of the stream there are of each format. */
function formats(dataDir: string): Record<number, number> {
  const folder = join(dataDir, 'messages/durable/49ccc79d88a27d70631430e2');
  const counts: Record<number, number> = {};
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.log')) continue;
    const format = readFileSync(join(folder, name)).readUInt16BE(4);
    counts[format] = (counts[format] ?? 0) + 1;
  }
  return counts;
}
