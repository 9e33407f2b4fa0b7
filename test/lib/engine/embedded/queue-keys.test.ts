import { expect, test } from 'vitest';
import { createQueueSorting } from '../../../../lib/engine/embedded/queue-keys.ts';
import { BrokerPlace } from '../../broker/broker-place.ts';

const actor = { user: 'guest' };

async function twoQueues() {
  const place = await BrokerPlace.start();
  place.queue('a');
  place.queue('b');
  place.publish('', 'b');
  return { place, sorting: createQueueSorting(() => [...place.broker.vhosts.values()]) };
}

test('keys stand beside the names of their queues', async () => {
  const { sorting } = await twoQueues();
  const names = ['a', 'b'];
  const of = (keys: unknown[]) => [{ vhost: '/', names, keys }];
  expect(await sorting.listQueueKeys(actor, 'ready')).toEqual(of([0, 1]));
  expect(await sorting.listQueueKeys(actor, 'type', '/')).toEqual(of(['classic', 'classic']));
  expect(await sorting.listQueueKeys(actor, null)).toEqual(of([]));
  expect(await sorting.listQueueKeys(actor, 'ready', 'elsewhere')).toEqual([]);
});

test('counters are null where no message went through', async () => {
  const { sorting } = await twoQueues();
  expect((await sorting.listQueueKeys(actor, 'acked'))[0]?.keys).toEqual([null, 0]);
  expect((await sorting.listQueueKeys(actor, 'deliveredAck'))[0]?.keys).toEqual([null, 0]);
});

test('queues come in the order in which they were named, without those that are gone', async () => {
  const { sorting } = await twoQueues();
  const wanted = ['b', 'gone', 'a'].map((name) => ({ vhost: '/', name }));
  expect((await sorting.queuesNamed(actor, wanted)).map(({ name }) => name)).toEqual(['b', 'a']);
  expect(await sorting.queuesNamed(actor, [{ vhost: 'elsewhere', name: 'a' }])).toEqual([]);
});
