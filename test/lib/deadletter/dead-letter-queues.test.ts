import { expect, test } from 'vitest';
import { DeadLetterQueues } from '../../../lib/deadletter/dead-letter-queues.ts';
import { text } from '../broker/broker-place.ts';
import { EnginePlace, guest } from '../engine/embedded/engine-place.ts';

async function list({ engine }: EnginePlace) {
  const queues = await engine.listQueues(guest);
  const found = await new DeadLetterQueues(engine).list(guest, queues);
  return found.map(({ info, sources }) => ({ name: info.name, sources }));
}

test('a queue that dead letters are routed to is one, before the first death', async () => {
  const place = await EnginePlace.start();
  place.work('orders');
  place.queue('dead');
  expect(await list(place)).toEqual([{ name: 'dead', sources: ['orders'] }]);
});

test('a queue that has taken dead letters is one, though nothing is routed there any more', async () => {
  const place = await EnginePlace.start();
  place.work('orders', [], 'old');
  place.queue('old');
  place.queue('plain');
  place.put('orders');
  place.die('orders');
  await place.engine.deleteQueue(guest, '/', 'orders', { unused: false, empty: false });
  expect(await list(place)).toEqual([{ name: 'old', sources: [] }]);
});

test('queues that share exchange and key share the answer; the fullest comes first', async () => {
  const place = await EnginePlace.start();
  for (const name of ['a', 'b']) place.work(name);
  place.queue('c', text('x-dead-letter-exchange', 'amq.fanout'));
  place.queue('dead');
  place.queue('fuller');
  place.place.bind('amq.fanout', 'fuller');
  place.put('fuller');
  expect(await list(place)).toEqual([
    { name: 'fuller', sources: ['c'] },
    { name: 'dead', sources: ['a', 'b'] },
  ]);
});
