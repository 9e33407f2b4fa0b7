import { beforeEach, expect, test } from 'vitest';
import type { FieldTable } from '../../../lib/amqp/field-table.ts';
import { number, text } from '../broker/broker-fixture.ts';
import { ChannelFixture } from './channel-fixture.ts';

const unknownTag = (tag: number) =>
  expect.objectContaining({ reply: 'PRECONDITION_FAILED', message: `unknown delivery tag ${tag}` });

let here: ChannelFixture;

beforeEach(async () => {
  here = await ChannelFixture.start();
  here.brokerFixture.queue('q');
  here.send('tx.select');
  here.heard();
});

const counts = (name = 'q'): number[] => {
  const queue = here.brokerFixture.queue(name, { passive: true });
  return [queue.readyCount, queue.unackedCount];
};

test('publishes are seen after the commit, returns come before its answer', () => {
  here.publish('q', 'a');
  here.publish('nobody', 'b', { mandatory: true });
  expect(here.heard()).toEqual([]);
  expect(counts()).toEqual([0, 0]);
  here.send('tx.commit');
  expect(here.heard()).toEqual(['basic.return 312 "b"', 'tx.commit-ok']);
  expect(counts()).toEqual([1, 0]);
});

test('are seen by those who trace when their messages come, and not again at the commit', async () => {
  const { brokerFixture } = here;
  await brokerFixture.broker.vhostCommands.put({ name: '/', tracing: true });
  brokerFixture.queue('traces');
  brokerFixture.bind('amq.rabbitmq.trace', 'traces', '#');
  brokerFixture.bind('amq.fanout', 'q');
  const BCC = { type: 'A' as const, value: [{ type: 'S' as const, value: 'q' }] };
  here.publish('none', 'by name', { properties: { headers: [['BCC', BCC]] } });
  here.publish('', 'by binding', { exchange: 'amq.fanout' });
  expect([counts(), counts('traces')]).toEqual([
    [0, 0],
    [2, 0],
  ]);
  here.send('tx.commit');
  expect([counts(), counts('traces')]).toEqual([
    [2, 0],
    [2, 0],
  ]);
  here.publish('q', 'forgotten');
  here.send('tx.rollback');
  expect(counts('traces')).toEqual([3, 0]);
});

test('a rollback forgets publishes and leaves deliveries unacked', () => {
  here.publish('q', 'kept');
  here.send('tx.commit');
  here.send('basic.get', { queue: 'q' });
  here.send('basic.ack', { deliveryTag: 1 });
  here.publish('q', 'forgotten');
  here.send('tx.rollback');
  expect(counts()).toEqual([0, 1]);
  here.send('basic.ack', { deliveryTag: 1 });
  here.send('tx.commit');
  expect(counts()).toEqual([0, 0]);
});

test('a message is routed when it comes, whatever is bound or gone at the commit', () => {
  const other = here.brokerFixture.queue('other');
  here.brokerFixture.exchange('e', 'fanout');
  here.brokerFixture.exchange('nowhere', 'fanout');
  here.brokerFixture.bind('e', 'q');
  here.publish('', 'early', { exchange: 'e', mandatory: true });
  here.publish('', 'unroutable', { exchange: 'nowhere', mandatory: true });
  here.publish('late', 'by name', { mandatory: true });
  for (const exchange of ['e', 'nowhere']) here.brokerFixture.bind(exchange, 'other');
  here.brokerFixture.queue('late');
  here.send('exchange.delete', { exchange: 'e' });
  here.send('tx.commit');
  expect(here.heard()).toEqual(['exchange.delete-ok', 'basic.return 312 "unroutable"', 'tx.commit-ok']);
  expect([counts(), counts('late'), other.readyCount]).toEqual([[1, 0], [1, 0], 0]);
});

test('a mandatory message whose queue is gone at the commit is returned', () => {
  here.publish('q', 'a', { mandatory: true });
  here.send('queue.delete', { queue: 'q' });
  here.send('tx.commit');
  expect(here.heard()).toEqual(['queue.delete-ok', 'basic.return 312 "a"', 'tx.commit-ok']);
});

test('a tag that was settled in the transaction cannot be settled again in it', () => {
  here.publish('q', 'a');
  here.send('tx.commit');
  here.send('basic.get', { queue: 'q' });
  here.send('basic.ack', { deliveryTag: 1 });
  expect(() => here.send('basic.ack', { deliveryTag: 1 })).toThrow(unknownTag(1));
});

test('an exchange that is deleted before the commit loses its messages and no others', () => {
  here.send('exchange.declare', { exchange: 'e', type: 'fanout' });
  here.publish('', 'lost', { exchange: 'e', mandatory: true });
  here.publish('q', 'a');
  here.send('exchange.delete', { exchange: 'e' });
  here.heard();
  here.send('tx.commit');
  expect(here.heard()).toEqual(['basic.return 312 "lost"', 'tx.commit-ok']);
  expect(counts()).toEqual([1, 0]);
});

test('recover leaves what the transaction has settled', () => {
  for (const body of ['a', 'b']) here.publish('q', body);
  here.send('tx.commit');
  for (let i = 0; i < 2; i++) here.send('basic.get', { queue: 'q' });
  here.send('basic.ack', { deliveryTag: 1 });
  here.send('basic.recover', { requeue: true });
  expect(counts()).toEqual([1, 1]);
  here.send('tx.rollback');
  here.send('basic.recover', { requeue: true });
  expect(counts()).toEqual([2, 0]);
});

test('an ack of everything means what was outstanding then, not what comes until the commit', () => {
  for (const body of ['a', 'b']) here.publish('q', body);
  here.send('tx.commit');
  here.send('basic.get', { queue: 'q' });
  here.send('basic.ack', { deliveryTag: 0, multiple: true });
  here.send('basic.get', { queue: 'q' });
  here.send('tx.commit');
  expect(counts()).toEqual([0, 1]);
  here.send('basic.ack', { deliveryTag: 2 });
  here.send('tx.commit');
  expect(counts()).toEqual([0, 0]);
});

test('an ack of everything when nothing is outstanding settles nothing later', () => {
  here.publish('q', 'a');
  here.send('tx.commit');
  here.send('basic.ack', { deliveryTag: 0, multiple: true });
  here.send('basic.get', { queue: 'q' });
  here.send('tx.commit');
  expect(counts()).toEqual([0, 1]);
});

test('a refused publish makes the commit fail, the rest of it is done', () => {
  here.brokerFixture.queue('full', {
    arguments: [...number('x-max-length', 0), ...text('x-overflow', 'reject-publish')],
  });
  here.publish('full', 'a');
  here.publish('q', 'b');
  expect(() => here.send('tx.commit')).toThrow(
    expect.objectContaining({ reply: 'PRECONDITION_FAILED', message: 'partial tx completion' }),
  );
  expect(counts()).toEqual([1, 0]);
});

test('what is wrong with a publish is said when it comes, not at the commit', () => {
  expect(() => here.publish('k', 'a', { exchange: 'none' })).toThrow(expect.objectContaining({ reply: 'NOT_FOUND' }));
  const headers: FieldTable = [['CC', { type: 'S', value: 'q' }]];
  expect(() => here.publish('k', 'a', { properties: { headers } })).toThrow(
    expect.objectContaining({ reply: 'PRECONDITION_FAILED' }),
  );
});

test('do not go together with confirms', () => {
  expect(() => here.send('confirm.select')).toThrow('cannot switch from tx to confirm mode');
});

test('commit and rollback need a transaction', () => {
  const fresh = here.beside();
  for (const method of ['tx.commit', 'tx.rollback'] as const) {
    expect(() => fresh.send(method)).toThrow(
      expect.objectContaining({ reply: 'PRECONDITION_FAILED', message: 'channel is not transactional' }),
    );
  }
});
