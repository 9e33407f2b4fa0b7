/** Dead letters of a quorum queue that must arrive, in a whole broker. */
import { expect, test } from 'vitest';
import type { FieldTable } from '../../../../lib/amqp/field-table.ts';
import { MessageView } from '../../../../lib/broker/messages/message.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import { BrokerFixture, number, text } from '../broker-fixture.ts';
import { drain, getOne } from '../queue-fixture.ts';

const SURE: FieldTable = [
  ...text('x-queue-type', 'quorum'),
  ...text('x-dead-letter-strategy', 'at-least-once'),
  ...text('x-overflow', 'reject-publish'),
  ...text('x-dead-letter-exchange', 'dlx'),
];

async function sure(): Promise<{ fixture: BrokerFixture; work: Queue; kill: (body: string) => void }> {
  const fixture = await BrokerFixture.start();
  fixture.exchange('dlx', 'fanout');
  const work = fixture.queue('work', { durable: true, arguments: SURE });
  const kill = (body: string): void => {
    fixture.publish('', 'work', body);
    work.reject(getOne(work)?.ticket as number);
  };
  return { fixture, work, kill };
}

/** The arguments of a queue that takes a message only while it is empty. */
const small: FieldTable = [...number('x-max-length', 1), ...text('x-overflow', 'reject-publish')];

test('wait for a queue that takes them, and are counted when they arrive', async () => {
  const { fixture, work, kill } = await sure();
  kill('a');
  fixture.clock.advance(20_000);
  expect([work.waitingLetters, fixture.vhost.flow.deadLettered]).toEqual([1, 0]);
  const dead = fixture.queue('dead');
  fixture.bind('dlx', 'dead');
  fixture.clock.advance(5_000);
  expect(drain(dead)).toEqual(['a']);
  expect([work.waitingLetters, fixture.vhost.flow.deadLettered, dead.counters.deadLettersIn]).toEqual([0, 1, 1]);
});

test('go once to each of several queues, whenever each takes them', async () => {
  const { fixture, work, kill } = await sure();
  const [one, two] = [fixture.queue('one'), fixture.queue('two', { arguments: small })];
  for (const name of ['one', 'two']) fixture.bind('dlx', name);
  fixture.publish('', 'two', 'in the way');
  kill('a');
  fixture.clock.advance(20_000);
  expect([one.readyCount, work.waitingLetters]).toEqual([1, 1]);
  expect(drain(two)).toEqual(['in the way']);
  fixture.clock.advance(5_000);
  expect([drain(one), drain(two), work.waitingLetters]).toEqual([['a'], ['a'], 0]);
});

test('are persistent where they go, whatever they were', async () => {
  const { fixture, kill } = await sure();
  const dead = fixture.queue('dead', { durable: true });
  fixture.bind('dlx', 'dead');
  kill('a');
  const log = fixture.store.open(dead.id);
  const view = new MessageView();
  log.read(log.seek(0), view);
  expect(view.persistent).toBe(true);
});

test('vanish with a queue that is deleted', async () => {
  const { fixture, work, kill } = await sure();
  kill('a');
  fixture.broker.topology.deleteQueue(fixture.session, 'work', { unused: false, empty: false }).stored?.catch(() => {});
  fixture.queue('dead');
  fixture.bind('dlx', 'dead');
  fixture.clock.advance(20_000);
  expect([work.waitingLetters, fixture.vhost.queues.get('dead')?.readyCount]).toEqual([0, 0]);
});
