import { expect, test } from 'vitest';
import { routingKeyOf } from '../../../../lib/broker/messages/message.ts';
import { fetchMessages } from '../../../../lib/engine/embedded/fetch.ts';
import { BrokerFixture } from '../../broker/broker-fixture.ts';

test('those who trace see what is taken, whatever becomes of it', async () => {
  const fixture = await BrokerFixture.start();
  const [queue, traces] = [fixture.queue('q'), fixture.queue('traces')];
  for (const body of ['one', 'two']) fixture.publish('', 'q', body);
  await fixture.broker.vhostCommands.put({ name: '/', tracing: true });
  fixture.bind('amq.rabbitmq.trace', 'traces', '#');
  const request = { vhost: '/', queue: 'q', count: 5, bodyBytesMax: 100 };
  for (const settle of ['requeue', 'ack'] as const)
    fetchMessages(fixture.broker, fixture.session, { ...request, settle });
  const keys: string[] = [];
  while (traces.get(true, (message) => keys.push(routingKeyOf(message))));
  expect(keys).toEqual(Array(4).fill('deliver.q'));
  expect(queue.readyCount).toBe(0);
});
