import { describe, expect, test } from 'vitest';
import { type KnownOrigin, type Origin, resolveOrigin } from '../../../lib/deadletter/origin.ts';
import type { PeekedMessage } from '../../../lib/engine/messages.ts';
import { deadMessage, death, texts } from './dead-message.ts';

const source = { vhost: '/', queue: 'dead' };
const resolve = (about: Partial<PeekedMessage>, target?: string) => resolveOrigin(deadMessage(about), source, target);
const known = (origin: Origin): KnownOrigin => (origin.kind === 'known' ? origin : expect.unreachable(origin.reason));

describe('what the broker recorded decides', () => {
  test('the newest failure tells where a message came from, not a newer expiry in a retry queue', () => {
    const deaths = [
      death({ queue: 'orders.retry', reason: 'expired', exchange: 'retry', routingKeys: ['r'] }),
      death({ queue: 'orders', reason: 'rejected', exchange: 'shop', routingKeys: ['order.new', 'copy'] }),
      death({ queue: 'intake', reason: 'rejected' }),
    ];
    expect(known(resolve({ deaths }))).toMatchObject({
      queue: 'orders',
      exchange: 'shop',
      routingKey: 'order.new',
      evidence: { by: 'death', index: 1 },
      firstDeathQueue: 'intake',
    });
  });

  test('a delivery limit is a failure', () => {
    const deaths = [death({ queue: 'delay', reason: 'expired' }), death({ queue: 'work', reason: 'delivery_limit' })];
    expect(known(resolve({ deaths })).queue).toBe('work');
  });

  test('without a failure the newest death tells', () => {
    const deaths = [death({ queue: 'second', reason: 'maxlen' }), death({ queue: 'first', reason: 'expired' })];
    expect(known(resolve({ deaths })).queue).toBe('second');
  });

  test('headers that say something else change nothing, those of an earlier replay among them', () => {
    const headers = texts({
      'replay-original-queue': 'first',
      'replay-original-exchange': 'x',
      'replay-original-routing-key': 'k',
      'NServiceBus.FailedQ': 'bus',
    });
    for (const replayHeaded of [false, true])
      expect(known(resolve({ properties: { headers }, replayHeaded, replays: 1 }))).toMatchObject({
        queue: 'orders',
        exchange: 'shop',
        routingKey: 'order.new',
      });
  });

  test('a message does not go back to the queue it lies in', () => {
    const origin = resolve({ deaths: [death({ queue: 'dead' })] });
    expect(origin).toMatchObject({ kind: 'needs-target', hint: null, reason: expect.stringContaining('itself') });
  });
});

describe('the operator', () => {
  test('wins over everything, and the address before the death stays', () => {
    const origin = known(
      resolve({ properties: { headers: texts({ 'replay-original-queue': 'first' }) } }, 'elsewhere'),
    );
    expect(origin).toMatchObject({
      queue: 'elsewhere',
      exchange: 'shop',
      routingKey: 'order.new',
      evidence: { by: 'operator' },
      recorded: { queue: 'orders' },
    });
  });

  test('a message without a record keeps the address it has, whatever its headers say', () => {
    const headers = texts({ 'replay-original-exchange': 'x', 'replay-original-routing-key': 'k' });
    const origin = known(resolve({ deaths: [], claimedDeaths: [death({})], properties: { headers } }, 'elsewhere'));
    expect(origin).toMatchObject({ exchange: 'dead', routingKey: 'orders', recorded: null });
  });

  test('may not choose the queue that holds it', () => {
    expect(resolve({}, 'dead').kind).toBe('needs-target');
  });
});

describe('headers are hints', () => {
  test.each([
    ['replay-original-queue', texts({ 'replay-original-queue': 'orders' })],
    ['NServiceBus.FailedQ', texts({ 'NServiceBus.FailedQ': 'orders' })],
    ['rbs2-source-queue', texts({ 'rbs2-source-queue': 'orders' })],
    ['x-original-queue', texts({ 'x-original-queue': 'orders' })],
    ['MT-Fault-InputAddress', texts({ 'MT-Fault-InputAddress': 'rabbitmq://host/orders?durable=true' })],
    ['MT-Fault-InputAddress', texts({ 'MT-Fault-InputAddress': 'rabbitmq://host/%2F/orders' })],
    ['rascal', [{ name: 'rascal', field: { type: 'F' as const, value: texts({ originalQueue: 'orders' }) } }]],
  ])('%s names a queue: the message needs a target all the same', (header, headers) => {
    const origin = resolve({ deaths: [], properties: { headers } });
    expect(origin).toEqual({
      kind: 'needs-target',
      hint: { queue: 'orders', header },
      reason: expect.stringContaining(`Its header ${header} says 'orders', but anybody can write headers`),
    });
  });

  test('x-death that the broker did not write is one, and its newest failure is what it says', () => {
    const claimedDeaths = [death({ queue: 'retry', reason: 'expired' }), death({ queue: 'orders' })];
    expect(resolve({ deaths: [], claimedDeaths })).toMatchObject({ hint: { queue: 'orders', header: 'x-death' } });
  });

  test.each([
    ['of the wrong type', [{ name: 'replay-original-queue', field: { type: 'l' as const, value: '7' } }]],
    ['that is empty', texts({ 'replay-original-queue': '' })],
    ['that names the queue it lies in', texts({ 'replay-original-queue': 'dead' })],
    ['that no queue can have as its name', texts({ 'replay-original-queue': 'q'.repeat(256) })],
    ['of another vhost', texts({ 'MT-Fault-InputAddress': 'rabbitmq://host/other/orders' })],
    ['that is no address', texts({ 'MT-Fault-InputAddress': 'orders' })],
    ['with a broken escape', texts({ 'MT-Fault-InputAddress': 'rabbitmq://host/%E0%A4%A' })],
  ])('a header %s is none', (_what, headers) => {
    expect(resolve({ deaths: [], properties: { headers } })).toMatchObject({ kind: 'needs-target', hint: null });
  });

  test('where nothing is found, it is said what was looked at', () => {
    const origin = resolve({ deaths: [] });
    expect(origin).toMatchObject({ kind: 'needs-target', reason: expect.stringContaining('no record that it died') });
    for (const header of ['x-death', 'replay-original-queue', 'rascal'])
      expect(origin).toMatchObject({ reason: expect.stringContaining(header) });
  });
});
