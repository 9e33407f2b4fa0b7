import { expect, test } from 'vitest';
import { createSorting } from '../../../../lib/engine/embedded/sort-keys.ts';
import { BrokerFixture } from '../../broker/broker-fixture.ts';
import { apiUser } from '../api-user.ts';

const actor = apiUser('guest');

async function twoQueues() {
  const fixture = await BrokerFixture.start();
  fixture.queue('a');
  fixture.queue('b');
  fixture.publish('', 'b');
  return { fixture, sorting: createSorting(() => [...fixture.broker.vhosts.values()]) };
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

test('exchanges are named with what they are sorted by, and described by name', async () => {
  const { fixture, sorting } = await twoQueues();
  fixture.bind('amq.topic', 'a', 'k');
  const [types] = await sorting.listExchangeKeys(actor, 'type', '/');
  const [bindings] = await sorting.listExchangeKeys(actor, 'bindingCount');
  const at = types?.names.indexOf('amq.topic') ?? -1;
  expect([types?.keys[at], bindings?.keys[at]]).toEqual(['topic', 1]);
  const found = await sorting.exchangesNamed(actor, [
    { vhost: '/', name: 'amq.topic' },
    { vhost: '/', name: 'gone' },
    { vhost: '/', name: '' },
  ]);
  expect(found.map(({ name, bindingCount }) => [name, bindingCount])).toEqual([
    ['amq.topic', 1],
    ['', 0],
  ]);
});
