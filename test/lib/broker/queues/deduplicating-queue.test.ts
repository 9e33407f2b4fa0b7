import { beforeEach, expect, test } from 'vitest';
import type { FieldTable } from '../../../../lib/amqp/field-table.ts';
import { Outcome } from '../../../../lib/broker/publishing/publisher.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import { BrokerFixture, number, text } from '../broker-fixture.ts';
import { drain, getOne } from '../queue-fixture.ts';

let fixture: BrokerFixture;
let queue: Queue;
const DEDUPLICATING: FieldTable = [['x-message-deduplication', { type: 't', value: true }]];

function declare(more: FieldTable = []): Queue {
  return fixture.queue('q', { durable: true, arguments: [...DEDUPLICATING, ...more] });
}

function publish(body: string, id = body): void {
  const headers = text('x-deduplication-header', id);
  expect(fixture.publish('', 'q', body, { deliveryMode: 2, headers })).toBe(Outcome.taken);
}

beforeEach(async () => {
  fixture = await BrokerFixture.start();
  queue = declare();
});

test('a duplicate of what is in the queue is dropped as if it had been taken', () => {
  publish('a', 'id');
  publish('b', 'id');
  publish('c', 'other');
  expect(drain(queue)).toEqual(['a', 'c']);
});

test('messages without an id are never duplicates', () => {
  for (let i = 0; i < 3; i++) fixture.publish('', 'q', 'x');
  expect(queue.readyCount).toBe(3);
});

test('an id stays taken while its message is unacked, also when it comes back, and is free after the ack', () => {
  publish('a');
  const got = getOne(queue);
  if (!got) throw new Error('nothing was ready');
  publish('a');
  expect(queue.readyCount).toBe(0);
  queue.requeue([got.ticket]);
  publish('a');
  expect(queue.readyCount).toBe(1);
  const again = getOne(queue);
  if (!again) throw new Error('nothing was ready');
  queue.ack(again.ticket, 1);
  publish('a');
  expect(queue.readyCount).toBe(1);
});

test.each<[string, () => void]>([
  ['was got without an ack', () => void drain(queue)],
  ['was purged', () => void queue.purge()],
  [
    'was rejected',
    () => {
      const got = getOne(queue);
      if (got) queue.reject(got.ticket);
    },
  ],
  ['was moved', () => queue.peek(-1, 1, (_, ticket) => void queue.takeOut(ticket, () => true))],
])('an id is free when its message %s', (_, leave) => {
  publish('a');
  leave();
  expect(queue.readyCount).toBe(0);
  publish('a');
  expect(queue.readyCount).toBe(1);
});

test('a purge frees no id of what is unacked', () => {
  publish('a');
  getOne(queue);
  publish('b');
  queue.purge();
  publish('a');
  publish('b');
  expect(drain(queue)).toEqual(['b']);
});

test('an id is free when its message expired or was pushed out', async () => {
  fixture = await BrokerFixture.start();
  queue = declare([...number('x-message-ttl', 100), ...number('x-max-length', 1)]);
  publish('a');
  fixture.clock.advance(100);
  publish('a');
  expect(queue.readyCount).toBe(1);
  publish('b');
  publish('a');
  expect(drain(queue)).toEqual(['a']);
});

test('every priority counts', async () => {
  fixture = await BrokerFixture.start();
  queue = declare(number('x-max-priority', 3));
  const headers = text('x-deduplication-header', 'id');
  for (const priority of [0, 3]) fixture.publish('', 'q', String(priority), { headers, priority });
  expect(drain(queue)).toEqual(['0']);
});

test('a restart knows what is in the queue', async () => {
  publish('a');
  publish('b');
  fixture = await fixture.restart();
  queue = declare();
  publish('b');
  publish('c');
  expect(drain(queue)).toEqual(['a', 'b', 'c']);
  publish('b');
  expect(drain(queue)).toEqual(['b']);
});

test('other types of queue, and other values, are refused', () => {
  const quorum = [...DEDUPLICATING, ...text('x-queue-type', 'quorum')];
  expect(() => fixture.queue('other', { durable: true, arguments: quorum })).toThrow('x-message-deduplication');
  expect(() => fixture.queue('other', { arguments: text('x-message-deduplication', 'yes') })).toThrow(
    "invalid arg 'x-message-deduplication' for queue 'other' in vhost '/': {unacceptable_type,longstr}",
  );
});
