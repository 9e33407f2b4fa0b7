import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REPLAY_HEADERS } from '../../../lib/deadletter/headers.ts';
import { resolveOrigin } from '../../../lib/deadletter/origin.ts';
import { replayedProperties } from '../../../lib/deadletter/replayed-message.ts';
import type { MessageProperties, PeekedMessage } from '../../../lib/engine/messages.ts';
import type { TypedTable } from '../../../lib/fields/typed-field.ts';
import { deadMessage, texts } from './dead-message.ts';

const context = { source: 'dead', atMs: 1_700_000_123_456, user: 'ops' };

function replay(message: Partial<PeekedMessage>, target?: string) {
  const whole = deadMessage(message);
  const origin = resolveOrigin(whole, { vhost: '/', queue: 'dead' }, target);
  if (origin.kind !== 'known') throw new Error(origin.reason);
  return replayedProperties(whole, origin, context);
}

const replayed = (properties: MessageProperties): MessageProperties => replay({ properties }).properties;
/** What a replayed message is when it has died again. */
const again = ({ properties, headed }: ReturnType<typeof replay>, replays: number) =>
  replay({ properties, replays, replayHeaded: headed });
const names = (table: TypedTable | undefined) => (table ?? []).map((entry) => entry.name);
const OURS = [
  'replay-count',
  'replayed-at',
  'replayed-from',
  'replay-original-queue',
  'replay-original-exchange',
  'replay-original-routing-key',
];

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
  expect(names(replayed({ headers }).headers)).toEqual(OURS);
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
  expect(replay({})).toMatchObject({
    headed: true,
    properties: {
      headers: [
        { name: 'replay-count', field: { type: 'I', value: 1 } },
        { name: 'replayed-at', field: { type: 'T', value: '1700000123' } },
        { name: 'replayed-from', field: { type: 'S', value: 'dead' } },
        { name: 'replay-original-queue', field: { type: 'S', value: 'orders' } },
        { name: 'replay-original-exchange', field: { type: 'S', value: 'shop' } },
        { name: 'replay-original-routing-key', field: { type: 'S', value: 'order.new' } },
      ],
    },
  });
});

test('sent elsewhere, the headers still say where it died', () => {
  const { headers } = replay({}, 'parked').properties;
  expect(headers).toContainEqual({ name: 'replay-original-queue', field: { type: 'S', value: 'orders' } });
});

test('a second replay counts on, as the broker counted, and leaves one set of headers', () => {
  const once = replay({});
  const twice = again(once, 1);
  expect(names(twice.properties.headers)).toEqual(names(once.properties.headers));
  expect(twice.properties.headers?.[0]?.field).toEqual({ type: 'I', value: 2 });
});

test("a program's own headers with our names are kept, through any number of replays, and none of ours is added", () => {
  const foreign = fc
    .uniqueArray(fc.constantFrom(...Object.values(REPLAY_HEADERS)), { minLength: 1 })
    .map((chosen): TypedTable => chosen.map((name) => ({ name, field: { type: 'S', value: 'own' } })));
  fc.assert(
    fc.property(foreign, fc.option(fc.constantFrom('shop', 'ops'), { nil: undefined }), (headers, userId) => {
      const properties: MessageProperties = { headers, ...(userId !== undefined && { userId }) };
      const once = replay({ properties });
      expect(once).toEqual({ headed: false, properties });
      expect(again(again(once, 1), 2)).toEqual({ headed: false, properties });
    }),
  );
});

test("another user's id becomes a header and survives a second replay; one's own stays", () => {
  const once = replay({ properties: { userId: 'shop' } });
  expect(once.properties.userId).toBeUndefined();
  const ids = again(once, 1).properties.headers?.filter((entry) => entry.name === 'replay-original-user-id');
  expect(ids).toEqual([{ name: 'replay-original-user-id', field: { type: 'S', value: 'shop' } }]);
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
