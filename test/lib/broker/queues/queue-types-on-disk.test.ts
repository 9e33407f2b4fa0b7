/** What quorum queues and streams are after a restart, with real files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FieldTable, findField } from '../../../../lib/amqp/field-table.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import { type QueueOptions, readQueueArguments } from '../../../../lib/broker/queues/queue-arguments.ts';
import { makeQueue } from '../../../../lib/broker/queues/queue-types.ts';
import { systemDisk } from '../../../../lib/store/disk.ts';
import { DiskStore } from '../../../../lib/store/disk-store.ts';
import { drain, getOne, QueueFixture } from '../queue-fixture.ts';
import { newConsumer, RecordingSink } from '../recording-sink.ts';
import { headersOf, sampleMessage } from '../sample-message.ts';

let dataDir: string;
let store: DiskStore;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'warren-queue-types-'));
  store = newStore();
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const newStore = (): DiskStore => new DiskStore({ disk: systemDisk, dataDir, freeBytesMin: 0, log: () => {} });

async function restart(): Promise<void> {
  await store.close();
  store = newStore();
}

function open(options: Partial<QueueOptions>, fixture = new QueueFixture()): Queue {
  const around = {
    clock: fixture.clock,
    store,
    activity: fixture.activity,
    deadLetter: fixture.deadLetter.bind(fixture),
    deadLetterSurely: fixture.deadLetterSurely.bind(fixture),
    ended: fixture.ended.bind(fixture),
    closed: fixture.closed.bind(fixture),
  };
  const identity = { vhost: '/', name: 'q', id: 'id', durable: true, autoDelete: false, owner: null };
  const queue = makeQueue(around, identity, [], { ...readQueueArguments([], '/', 'q'), ...options });
  store.finishRecovery(new Set());
  return queue;
}

function countOfHead(queue: Queue): number {
  let count = 0;
  let ticket = -1;
  queue.get(false, (message, taken) => {
    const field = findField(headersOf(message), 'x-delivery-count');
    count = field?.type === 'l' ? Number(field.value) : 0;
    ticket = taken;
  });
  queue.requeue([ticket]);
  return count;
}

function read(queue: Queue, offset: number): [bodies: string[], offsets: number[]] {
  const sink = new RecordingSink();
  const offsets: number[] = [];
  const args: FieldTable = [['x-stream-offset', { type: 'l', value: BigInt(offset) }]];
  const { deliver } = sink;
  sink.deliver = (consumer, message, ticket, redelivered) => {
    const field = findField(headersOf(message), 'x-stream-offset');
    offsets.push(field?.type === 'l' ? Number(field.value) : -1);
    deliver.call(sink, consumer, message, ticket, redelivered);
  };
  queue.subscribe(newConsumer(queue, sink, { prefetch: 10_000, arguments: args }));
  queue.dispatch();
  return [sink.bodies, offsets];
}

test('a quorum queue keeps all its messages, also transient ones, and how often they came back', async () => {
  const before = open({ type: 'quorum' });
  for (const body of ['a', 'b', 'c']) before.publish(sampleMessage(body, { deliveryMode: 1 }));
  before.publish(sampleMessage('high', { priority: 9 }));
  expect([1, 2, 3].map(() => countOfHead(before))).toEqual([0, 1, 2]);
  await restart();
  const after = open({ type: 'quorum' });
  expect(after.readyCount).toBe(4);
  // The restart is one return more.
  expect(countOfHead(after)).toBe(4);
  expect(drain(after)).toEqual(['high', 'a', 'b', 'c']);
});

test('a message that makes its consumers fail dies, whatever is restarted between', async () => {
  let queue = open({ type: 'quorum', deliveryLimit: 5 });
  queue.publish(sampleMessage('poison'));
  let deliveries = 0;
  while (queue.readyCount > 0 && deliveries < 20) {
    const got = getOne(queue);
    deliveries++;
    if (deliveries % 2 === 0) {
      // What is sent is noted before.
      store.beforeDeliveries();
      await restart();
      queue = open({ type: 'quorum', deliveryLimit: 5 });
    } else queue.requeue([got?.ticket as number]);
  }
  // One that goes over the limit by a restart is delivered once more: nothing dies at a start.
  expect(deliveries).toBe(7);
  expect(queue.counters.deliveryLimited).toBe(1);
});

test('dead letters that nobody took wait on, each with its reason, and are not delivered again', async () => {
  const sure = { deadLetterExchange: 'dlx', deadLetterAtLeastOnce: true, overflow: 'reject-publish' } as const;
  const first = new QueueFixture();
  first.arrives = false;
  const before = open({ type: 'quorum', ...sure }, first);
  for (const body of ['a', 'held', 'c']) before.publish(sampleMessage(body));
  before.publish(sampleMessage('late', { expiration: '5' }));
  const tickets = [1, 2, 3].map(() => getOne(before)?.ticket as number);
  before.reject(tickets[0] as number);
  before.reject(tickets[2] as number);
  first.clock.advance(5);
  expect([before.readyCount, before.unackedCount, before.waitingLetters]).toEqual([0, 1, 3]);
  await restart();
  const second = new QueueFixture();
  const after = open({ type: 'quorum', ...sure }, second);
  expect([after.readyCount, after.readyBytes, after.waitingLetters]).toEqual([1, 4, 3]);
  second.clock.advance(5_000);
  expect(second.dead).toEqual([
    { body: 'a', reason: 'rejected' },
    { body: 'c', reason: 'rejected' },
    { body: 'late', reason: 'expired' },
  ]);
  expect([after.waitingLetters, drain(after)]).toEqual([0, ['held']]);
  await restart();
  expect(open({ type: 'quorum', ...sure }).readyCount).toBe(0);
});

test('a stream goes on where it was, with the same offsets and without what was given up', async () => {
  const options = { type: 'stream', bytesMax: 100_000, segmentBytesMax: 20_000 } as const;
  // So many that the last stretch has just begun: a start would give up more of what grew since.
  const count = 290;
  const before = open(options);
  for (let i = 0; i < count; i++) before.publish(sampleMessage(`${i} ${'x'.repeat(1000)}`));
  await store.sync();
  const facts = before.stream;
  expect(facts?.nextOffset).toBe(count);
  expect(facts?.firstOffset).toBeGreaterThan(150);
  await restart();
  const after = open(options);
  expect(after.stream).toEqual(facts);
  after.publish(sampleMessage('new'));
  const [bodies, offsets] = read(after, 0);
  expect(offsets).toEqual(
    Array.from({ length: count + 1 - (facts?.firstOffset ?? 0) }, (_, i) => (facts?.firstOffset ?? 0) + i),
  );
  expect(bodies.at(-1)).toBe('new');
  expect(read(after, count - 10)[1]).toEqual(Array.from({ length: 11 }, (_, i) => count - 10 + i));
});
