import { expect, test } from 'vitest';
import { type Origin, resolveOrigin } from '../../../lib/deadletter/origin.ts';
import { deadMessage, death, texts } from './dead-message.ts';

const everywhere = () => true;
const known = (origin: Origin) => (origin.kind === 'known' ? origin : expect.unreachable(origin.reason));

test('the newest failure tells where a message came from, not a newer expiry in a retry queue', () => {
  const deaths = [
    death({ queue: 'orders.retry', reason: 'expired', exchange: 'retry', routingKeys: ['r'] }),
    death({ queue: 'orders', reason: 'rejected', exchange: 'shop', routingKeys: ['order.new', 'copy'] }),
    death({ queue: 'intake', reason: 'rejected' }),
  ];
  const origin = known(resolveOrigin(deadMessage({ deaths }), 'dead', everywhere));
  expect(origin).toMatchObject({
    queue: 'orders',
    exchange: 'shop',
    routingKey: 'order.new',
    evidence: { by: 'death', index: 1 },
    firstDeathQueue: 'intake',
  });
});

test('a delivery limit is a failure', () => {
  const deaths = [death({ queue: 'delay', reason: 'expired' }), death({ queue: 'work', reason: 'delivery_limit' })];
  expect(known(resolveOrigin(deadMessage({ deaths }), 'dead', everywhere)).queue).toBe('work');
});

test('without a failure the newest death tells', () => {
  const deaths = [death({ queue: 'second', reason: 'maxlen' }), death({ queue: 'first', reason: 'expired' })];
  expect(known(resolveOrigin(deadMessage({ deaths }), 'dead', everywhere)).queue).toBe('second');
});

test('headers of an earlier replay win over the death history', () => {
  const headers = texts({
    'replay-original-queue': 'first',
    'replay-original-exchange': 'x',
    'replay-original-routing-key': 'k',
  });
  const origin = known(resolveOrigin(deadMessage({ properties: { headers } }), 'dead', everywhere));
  expect(origin).toMatchObject({ queue: 'first', exchange: 'x', routingKey: 'k', evidence: { by: 'earlier-replay' } });
});

test('the operator wins over everything, and the address before the death stays', () => {
  const headers = texts({ 'replay-original-queue': 'first' });
  const origin = known(resolveOrigin(deadMessage({ properties: { headers } }), 'dead', everywhere, 'elsewhere'));
  expect(origin).toMatchObject({
    queue: 'elsewhere',
    exchange: 'shop',
    routingKey: 'order.new',
    evidence: { by: 'operator' },
  });
});

test('a message without a history goes to the chosen queue with the address it has', () => {
  const origin = known(resolveOrigin(deadMessage({ deaths: [] }), 'dead', everywhere, 'elsewhere'));
  expect(origin).toMatchObject({ exchange: 'dead', routingKey: 'orders' });
});

test('nothing is guessed: without history and headers a message needs a target', () => {
  expect(resolveOrigin(deadMessage({ deaths: [] }), 'dead', everywhere)).toMatchObject({ kind: 'needs-target' });
});

test('a queue that does not exist is no target, whoever names it', () => {
  const exists = (queue: string) => queue !== 'orders' && queue !== 'gone';
  const origin = resolveOrigin(deadMessage(), 'dead', exists);
  expect(origin).toMatchObject({ kind: 'needs-target', reason: expect.stringContaining("'orders'") });
  expect(resolveOrigin(deadMessage(), 'dead', exists, 'gone').kind).toBe('needs-target');
});

test('a message does not go back to the queue it lies in', () => {
  expect(resolveOrigin(deadMessage(), 'orders', everywhere).kind).toBe('needs-target');
  expect(resolveOrigin(deadMessage(), 'dead', everywhere, 'dead').kind).toBe('needs-target');
});

test('a header of the wrong type is no evidence', () => {
  const headers = [{ name: 'replay-original-queue', field: { type: 'l' as const, value: '7' } }];
  expect(known(resolveOrigin(deadMessage({ properties: { headers } }), 'dead', everywhere)).queue).toBe('orders');
});
