import { expect, test } from 'vitest';
import { Sampler, type SentTable } from '../../../../lib/engine/embedded/sampler.ts';
import { EXCHANGE_COLUMNS, QUEUE_COLUMNS, rowKey } from '../../../../lib/engine/sample.ts';
import type { Listener } from '../../../../lib/server/listener.ts';
import { BrokerPlace } from '../../broker/broker-place.ts';

const ANYHOW = { unused: false, empty: false };

async function newSampler() {
  const place = await BrokerPlace.start();
  // The sampler only counts what is connected, and nothing is.
  const listener = { connections: new Set(), channelCount: 0 } as unknown as Listener;
  return { place, sampler: new Sampler(place.broker, listener) };
}

function row(table: SentTable, keys: string[], key: string, columns: readonly string[]): Record<string, number> {
  const at = keys.indexOf(key) * columns.length;
  return Object.fromEntries(columns.map((column, i) => [column, table.values[at + i] as number]));
}

test('a row has the counters of its queue in the order of the columns', async () => {
  const { place, sampler } = await newSampler();
  const queue = place.queue('q');
  place.queue('other');
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
  });
});

test('ready messages and those of an exchange are counted', async () => {
  const { place, sampler } = await newSampler();
  place.queue('q');
  place.bind('amq.direct', 'q', 'k');
  place.publish('amq.direct', 'k');
  place.publish('amq.direct', 'nowhere');
  const { queues, exchanges } = sampler.take();
  expect(row(queues, queues.keys ?? [], rowKey('/', 'q'), QUEUE_COLUMNS)).toMatchObject({ ready: 1, published: 1 });
  const direct = row(exchanges, exchanges.keys ?? [], rowKey('/', 'amq.direct'), EXCHANGE_COLUMNS);
  expect(direct).toEqual({ published: 2, routed: 1, unroutable: 1 });
});

test('names travel only when the objects are others than before', async () => {
  const { place, sampler } = await newSampler();
  place.queue('a');
  place.queue('b');
  expect(sampler.take().queues.keys).toEqual([rowKey('/', 'a'), rowKey('/', 'b')]);
  expect(sampler.take().queues.keys).toBeNull();
  place.publish('', 'a');
  expect(sampler.take().queues.keys).toBeNull();
  place.broker.topology.deleteQueue(place.session, 'a', ANYHOW);
  expect(sampler.take().queues.keys).toEqual([rowKey('/', 'b')]);
  place.broker.topology.deleteQueue(place.session, 'b', ANYHOW);
  place.queue('b');
  expect(sampler.take().queues.keys).toEqual([rowKey('/', 'b')]);
  place.broker.topology.deleteQueue(place.session, 'b', ANYHOW);
  expect(sampler.take().queues).toEqual({ keys: [], values: new Float64Array(0) });
});
