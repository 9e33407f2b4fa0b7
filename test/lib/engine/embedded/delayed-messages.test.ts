import { expect, test } from 'vitest';
import { createCommands } from '../../../../lib/engine/embedded/commands.ts';
import type { Listener } from '../../../../lib/server/listener.ts';
import { BrokerFixture, text } from '../../broker/broker-fixture.ts';
import { apiUser } from '../api-user.ts';

test('a delayed message is shown as delayed where it is published, and counted where it waits', async () => {
  const fixture = await BrokerFixture.start();
  const commands = createCommands(fixture.broker, { limits: { messageBytesMax: 1000 } } as Listener, {} as never);
  const guest = apiUser('guest');
  fixture.exchange('later', 'x-delayed-message', { arguments: text('x-delayed-type', 'fanout') });
  fixture.queue('q');
  fixture.bind('later', 'q');
  const headers = [{ name: 'x-delay', field: { type: 'I' as const, value: 100 } }];
  const publication = { vhost: '/', exchange: 'later', routingKey: '', properties: { headers }, body: '' };
  const result = await commands.publish(guest, publication);
  expect(result).toEqual({ routedTo: [], refusedBy: [], delayed: true });
  expect(await commands.exchange(guest, '/', 'later')).toMatchObject({
    messagesDelayed: 1,
    counters: { published: 1, unroutable: 0 },
  });
  expect(await commands.exchange(guest, '/', 'amq.topic')).toMatchObject({ messagesDelayed: null });
  fixture.clock.advance(100);
  expect(await commands.exchange(guest, '/', 'later')).toMatchObject({
    messagesDelayed: 0,
    counters: { published: 1, routed: 1 },
  });
});
