import { expect, test } from 'vitest';
import { Sampler, type SentTable } from '../../../../lib/engine/embedded/sampler.ts';
import {
  EXCHANGE_COLUMNS,
  QUEUE_COLUMNS,
  QUEUE_TRAITS,
  rowKey,
  TOTAL_COLUMNS,
  USER_COLUMNS,
} from '../../../../lib/engine/sample.ts';
import type { Listener } from '../../../../lib/server/listener.ts';
import { BrokerFixture, number, text } from '../../broker/broker-fixture.ts';

const ANYHOW = { unused: false, empty: false };

async function newSampler() {
  const fixture = await BrokerFixture.start();
  // The sampler only counts what is connected, and nothing is.
  const listener = { connections: new Set<object>(), channelCount: 0 };
  return { fixture, listener, sampler: new Sampler(fixture.broker, listener as unknown as Listener) };
}

function row(table: SentTable, keys: string[], key: string, columns: readonly string[]): Record<string, number> {
  const at = keys.indexOf(key) * columns.length;
  return Object.fromEntries(columns.map((column, i) => [column, table.values[at + i] as number]));
}

test('a row has the counters of its queue in the order of the columns', async () => {
  const { fixture, sampler } = await newSampler();
  const queue = fixture.queue('q');
  fixture.queue('other');
  Object.assign(queue.counters, { published: 3, delivered: 4, acked: 5, redelivered: 6, expired: 7 });
  Object.assign(queue.counters, { rejected: 8, overflowed: 9, deliveryLimited: 10, deadLettersIn: 11 });
  Object.assign(queue.counters, { deliveredNoAck: 12, got: 13, gotNoAck: 14, gotEmpty: 15 });
  const { queues } = sampler.take();
  expect(row(queues, queues.keys ?? [], rowKey('/', 'q'), QUEUE_COLUMNS)).toEqual({
    ready: 0,
    unacked: 0,
    published: 3,
    delivered: 4,
    acked: 5,
    redelivered: 6,
    expired: 7,
    rejected: 8,
    overflowed: 9,
    deliveryLimited: 10,
    deadLettersIn: 11,
    consumers: 0,
    deliveredNoAck: 12,
    got: 13,
    gotNoAck: 14,
    gotEmpty: 15,
    readyBytes: 0,
    lengthMax: -1,
    bytesMax: -1,
    traits: 0,
  });
});

test('ready messages and those of an exchange are counted', async () => {
  const { fixture, sampler } = await newSampler();
  fixture.queue('q');
  fixture.bind('amq.direct', 'q', 'k');
  fixture.publish('amq.direct', 'k');
  fixture.publish('amq.direct', 'nowhere');
  const { queues, exchanges } = sampler.take();
  expect(row(queues, queues.keys ?? [], rowKey('/', 'q'), QUEUE_COLUMNS)).toMatchObject({ ready: 1, published: 1 });
  const direct = row(exchanges, exchanges.keys ?? [], rowKey('/', 'amq.direct'), EXCHANGE_COLUMNS);
  expect(direct).toEqual({ published: 2, routed: 1, unroutable: 1 });
});

test('names travel only when the objects are others than before', async () => {
  const { fixture, sampler } = await newSampler();
  fixture.queue('a');
  fixture.queue('b');
  expect(sampler.take().queues.keys).toEqual([rowKey('/', 'a'), rowKey('/', 'b')]);
  expect(sampler.take().queues.keys).toBeNull();
  fixture.publish('', 'a');
  expect(sampler.take().queues.keys).toBeNull();
  fixture.broker.topology.deleteQueue(fixture.session, 'a', ANYHOW);
  expect(sampler.take().queues.keys).toEqual([rowKey('/', 'b')]);
  fixture.broker.topology.deleteQueue(fixture.session, 'b', ANYHOW);
  fixture.queue('b');
  expect(sampler.take().queues.keys).toEqual([rowKey('/', 'b')]);
  fixture.broker.topology.deleteQueue(fixture.session, 'b', ANYHOW);
  expect(sampler.take().queues).toEqual({ keys: [], values: new Float64Array(0) });
});

test('a row tells what limits its queue, whoever set it, and what it is', async () => {
  const { fixture, sampler } = await newSampler();
  const dlx = [...text('x-dead-letter-exchange', ''), ...text('x-dead-letter-routing-key', 'dead')];
  fixture.queue('work', {
    arguments: [...number('x-max-length-bytes', 500), ...text('x-overflow', 'reject-publish'), ...dlx],
  });
  fixture.queue('dead');
  fixture.queue('stream', { durable: true, arguments: text('x-queue-type', 'stream') });
  fixture.queue('closed').closedReason = 'damaged';
  fixture.publish('', 'dead', 'four');
  await fixture.broker.policies.put({
    ...{ kind: 'policy', vhost: '/', name: 'p', pattern: '^(work|dead)$' },
    definition: { 'max-length': 7 },
  });
  const { queues, closed } = sampler.take();
  const facts = (name: string) => row(queues, queues.keys ?? [], rowKey('/', name), QUEUE_COLUMNS);
  const { refusesWhenFull, stream, takesDeadLetters, closed: isClosed } = QUEUE_TRAITS;
  expect(facts('work')).toMatchObject({ lengthMax: 7, bytesMax: 500, traits: refusesWhenFull });
  expect(facts('dead')).toMatchObject({ lengthMax: 7, bytesMax: -1, traits: takesDeadLetters, readyBytes: 4 });
  expect(facts('stream')).toMatchObject({ lengthMax: -1, traits: stream });
  expect(facts('closed')).toMatchObject({ traits: isClosed });
  expect(closed).toEqual([{ vhost: '/', name: 'closed', reason: 'damaged' }]);
});

test('totals are told of each vhost, and those of the broker are theirs together, those that are gone included', async () => {
  const { fixture, sampler, listener } = await newSampler();
  const { broker } = fixture;
  const { vhosts, vhostCommands } = broker;
  await vhostCommands.put({ name: 'v' });
  fixture.queue('q');
  fixture.publish('', 'q');
  fixture.publish('', 'nowhere');
  const v = vhosts.get('v');
  if (v === undefined) throw new Error('no vhost');
  v.flow.published = 40;
  v.activity.connectionsOpened = 3;
  v.connectionCount = 1;
  listener.connections.add({ hasEntered: true, session: { vhost: v }, channelCount: 2 });
  listener.channelCount = 2;
  const of = (table: SentTable, keys: string[], vhost: string) => row(table, keys, rowKey(vhost, ''), TOTAL_COLUMNS);
  const first = sampler.take();
  const keys = first.vhosts.keys ?? [];
  expect(of(first.vhosts, keys, '/')).toMatchObject({
    ready: 1,
    queues: 1,
    published: 2,
    queuesCreated: 1,
    connections: 0,
  });
  expect(of(first.vhosts, keys, 'v')).toMatchObject({ ready: 0, published: 40, connections: 1, channels: 2 });
  expect(first.totals).toMatchObject({ ready: 1, published: 42, connections: 1, channels: 2, connectionsOpened: 3 });
  await vhostCommands.delete('v');
  // Its connection ends a moment later.
  v.activity.connectionsClosed = 3;
  v.connectionCount = 0;
  for (let i = 0; i < 3; i++) expect(sampler.take().totals).toMatchObject({ published: 42, connectionsClosed: 3 });
});

test('who has connections open is told with their number', async () => {
  const { fixture, sampler } = await newSampler();
  expect(sampler.take().users).toEqual({ keys: null, values: new Float64Array(0) });
  Object.assign(fixture.session.user, { connectionCount: 2, channelCount: 7 });
  const { users } = sampler.take();
  expect(row(users, users.keys ?? [], rowKey('guest', ''), USER_COLUMNS)).toEqual({ connections: 2, channels: 7 });
});
