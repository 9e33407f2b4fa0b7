import { expect, test } from 'vitest';
import { resolveOrigin } from '../../../lib/deadletter/origin.ts';
import { replayedProperties } from '../../../lib/deadletter/replayed-message.ts';
import type { MessageProperties, TypedTable } from '../../../lib/engine/port.ts';
import { deadMessage, texts } from './dead-message.ts';

const context = { source: 'dead', atMs: 1_700_000_123_456, user: 'ops' };

function replayed(properties: MessageProperties): MessageProperties {
  const origin = resolveOrigin(deadMessage({ properties }), 'dead', () => true);
  if (origin.kind !== 'known') throw new Error(origin.reason);
  return replayedProperties(properties, origin, context);
}

const names = (table: TypedTable | undefined) => (table ?? []).map((entry) => entry.name);

test('what dying left is taken off, and CC with it', () => {
  const headers = texts({
    'x-first-death-queue': 'orders',
    'x-first-death-reason': 'rejected',
    'x-last-death-exchange': 'shop',
    'x-delivery-count': '3',
    'x-acquired-count': '3',
    'x-opt-deaths': '',
    CC: 'copy',
  });
  headers.push({ name: 'x-death', field: { type: 'A', value: [] } });
  expect(names(replayed({ headers }).headers)).toEqual([
    'replay-count',
    'replayed-at',
    'replayed-from',
    'replay-original-queue',
    'replay-original-exchange',
    'replay-original-routing-key',
  ]);
});

test('other headers stay with their types, their order and their duplicates', () => {
  const headers: TypedTable = [
    { name: 'b', field: { type: 'B', value: 200 } },
    { name: 'a', field: { type: 'L', value: '18446744073709551615' } },
    { name: 'b', field: { type: 'F', value: [{ name: 'x', field: { type: 'V', value: null } }] } },
    { name: 'x-delay', field: { type: 'I', value: 5 } },
    { name: 'x-deathly', field: { type: 'S', value: 'mine' } },
  ];
  expect(replayed({ headers }).headers?.slice(0, 5)).toEqual(headers);
});

test('the properties stay, message-id and priority and delivery mode among them', () => {
  const properties: MessageProperties = {
    contentType: 'application/json',
    deliveryMode: 2,
    priority: 4,
    correlationId: 'c',
    messageId: 'm',
    timestamp: '1700000000',
    type: 't',
    appId: 'a',
    replyTo: 'answers',
  };
  expect(replayed(properties)).toMatchObject(properties);
});

test('the headers say how often, when, from where and to what', () => {
  const headers = replayed({}).headers;
  expect(headers).toEqual([
    { name: 'replay-count', field: { type: 'I', value: 1 } },
    { name: 'replayed-at', field: { type: 'T', value: '1700000123' } },
    { name: 'replayed-from', field: { type: 'S', value: 'dead' } },
    { name: 'replay-original-queue', field: { type: 'S', value: 'orders' } },
    { name: 'replay-original-exchange', field: { type: 'S', value: 'shop' } },
    { name: 'replay-original-routing-key', field: { type: 'S', value: 'order.new' } },
  ]);
});

test('a second replay counts on and leaves one set of headers', () => {
  const once = replayed({});
  const twice = replayed(once);
  expect(names(twice.headers)).toEqual(names(once.headers));
  expect(twice.headers?.[0]?.field).toEqual({ type: 'I', value: 2 });
});

test("another user's id becomes a header and survives a second replay; one's own stays", () => {
  const moved = replayed({ userId: 'shop' });
  expect(moved.userId).toBeUndefined();
  const again = replayed(moved).headers?.filter((entry) => entry.name === 'replay-original-user-id');
  expect(again).toEqual([{ name: 'replay-original-user-id', field: { type: 'S', value: 'shop' } }]);
  expect(replayed({ userId: 'ops' }).userId).toBe('ops');
});

test('an answer on a channel that is gone is not asked for', () => {
  expect(replayed({ replyTo: 'amq.rabbitmq.reply-to' }).replyTo).toBeUndefined();
});

test('the properties that came in are not changed', () => {
  const properties: MessageProperties = { headers: texts({ 'x-first-death-queue': 'q', mine: '1' }), userId: 'shop' };
  const copy = structuredClone(properties);
  replayed(properties);
  expect(properties).toEqual(copy);
});
