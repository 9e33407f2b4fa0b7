import { expect, test } from 'vitest';
import type { BindingQuestion } from '../../../../lib/engine/bindings.ts';
import { createCommands } from '../../../../lib/engine/embedded/commands.ts';
import type { Listener } from '../../../../lib/server/listener.ts';
import { BrokerFixture } from '../../broker/broker-fixture.ts';
import { apiUser } from '../api-user.ts';

const guest = apiUser('guest');

async function bound() {
  const fixture = await BrokerFixture.start();
  for (const name of ['red', 'green', 'blue']) {
    fixture.queue(name);
    fixture.bind('amq.topic', name, `colour.${name}`);
  }
  fixture.bind('amq.direct', 'red', 'k');
  fixture.bind('amq.topic', 'amq.fanout', '#', { destinationType: 'exchange' });
  const commands = createCommands(fixture.broker, {} as Listener, {} as never);
  return async (question: Partial<BindingQuestion> & Pick<BindingQuestion, 'of'>) => {
    const { rows, ...counts } = await commands.bindings(guest, { vhost: '/', ...question });
    return { ...counts, keys: rows.map(({ routingKey }) => routingKey) };
  };
}

test('bindings are listed by the end that they have in common, a page at a time', async () => {
  const ask = await bound();
  const of = { source: 'amq.topic' };
  const all = ['colour.red', 'colour.green', 'colour.blue', '#'];
  expect(await ask({ of })).toEqual({ total: 4, matching: 4, keys: all });
  expect(await ask({ of, offset: 1, limit: 2 })).toEqual({ total: 4, matching: 4, keys: all.slice(1, 3) });
  expect(await ask({ of: { destinationType: 'queue', destination: 'red' } })).toMatchObject({
    keys: ['colour.red', 'k'],
  });
  expect(await ask({ of: { destinationType: 'exchange', destination: 'amq.fanout' } })).toMatchObject({ keys: ['#'] });
});

test('a text is looked for in the other end and in the key', async () => {
  const ask = await bound();
  expect(await ask({ of: { source: 'amq.topic' }, text: 'GREEN' })).toMatchObject({ matching: 1, total: 4 });
  expect(await ask({ of: { source: 'amq.topic' }, text: 'fanout' })).toMatchObject({ keys: ['#'] });
  expect(await ask({ of: { destinationType: 'queue', destination: 'red' }, text: 'direct' })).toMatchObject({
    keys: ['k'],
  });
});

test('of what is not there is an error, and not an empty list', async () => {
  const ask = await bound();
  const missing = { code: 'NOT_FOUND' };
  await expect(ask({ of: { source: 'gone' } })).rejects.toMatchObject(missing);
  await expect(ask({ of: { destinationType: 'queue', destination: 'gone' } })).rejects.toMatchObject(missing);
  await expect(ask({ of: { source: 'amq.topic' }, vhost: 'gone' })).rejects.toMatchObject({ reply: 'NOT_ALLOWED' });
});
