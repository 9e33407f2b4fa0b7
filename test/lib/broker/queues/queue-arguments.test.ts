import { describe, expect, test } from 'vitest';
import type { Field, FieldTable } from '../../../../lib/amqp/field-table.ts';
import { readQueueArguments } from '../../../../lib/broker/queues/queue-arguments.ts';
import { number, text } from '../broker-fixture.ts';

const read = (args: FieldTable) => readQueueArguments(args, '/', 'q');

test('without arguments nothing is asked for', () => {
  expect(read([])).toEqual({
    type: 'classic',
    messageTtlMs: null,
    expiresMs: null,
    lengthMax: null,
    bytesMax: null,
    overflow: 'drop-head',
    deadLetterExchange: null,
    deadLetterRoutingKey: null,
    deadLetterAtLeastOnce: false,
    priorityMax: 0,
    singleActiveConsumer: false,
    isDeduplicating: false,
    deliveryLimit: 20,
    ackTimeoutMs: null,
    maxAgeMs: null,
    segmentBytesMax: null,
  });
});

test.each<[FieldTable, object]>([
  [number('x-message-ttl', 0), { messageTtlMs: 0 }],
  [number('x-message-ttl', 60_000), { messageTtlMs: 60_000 }],
  [[['x-message-ttl', { type: 'l', value: 315_360_000_000n }]], { messageTtlMs: 315_360_000_000 }],
  [number('x-expires', 1), { expiresMs: 1 }],
  [number('x-max-length', 0), { lengthMax: 0 }],
  [number('x-max-length-bytes', 9), { bytesMax: 9 }],
  [[['x-max-priority', { type: 'b', value: 10 }]], { priorityMax: 10 }],
  [number('x-max-priority', 255), { priorityMax: 255 }],
  [text('x-overflow', 'drop-head'), { overflow: 'drop-head' }],
  [text('x-overflow', 'reject-publish'), { overflow: 'reject-publish' }],
  [text('x-overflow', 'reject-publish-dlx'), { overflow: 'reject-publish-dlx' }],
  [text('x-dead-letter-exchange', ''), { deadLetterExchange: '' }],
  [
    [...text('x-dead-letter-routing-key', 'k'), ...text('x-dead-letter-exchange', 'e')],
    { deadLetterExchange: 'e', deadLetterRoutingKey: 'k' },
  ],
  [[['x-single-active-consumer', { type: 't', value: true }]], { singleActiveConsumer: true }],
  [text('x-queue-type', 'classic'), {}],
  [text('x-queue-mode', 'lazy'), {}],
  [number('x-queue-version', 2), {}],
  [text('x-queue-master-locator', 'min-masters'), {}],
  [text('x-anything', 'else'), {}],
])('what is asked for is read: case %$', (args, expected) => {
  expect(read(args)).toEqual({ ...read([]), ...expected });
});

describe('a value that the argument cannot have is refused', () => {
  const bool: Field = { type: 't', value: true };
  test.each<[string, Field, string]>([
    ['x-expires', { type: 'I', value: 0 }, '{value_zero,0}'],
    ['x-expires', { type: 'I', value: -1 }, '{value_negative,-1}'],
    ['x-expires', { type: 'l', value: 315_360_000_001n }, '{value_too_large,315360000001}'],
    ['x-expires', { type: 'S', value: '10' }, '"expected integer, got longstr"'],
    ['x-message-ttl', { type: 'I', value: -1 }, '{value_negative,-1}'],
    ['x-message-ttl', { type: 'l', value: 315_360_000_001n }, '{value_too_large,315360000001}'],
    ['x-message-ttl', { type: 'd', value: 10 }, '"expected integer, got double"'],
    ['x-max-length', { type: 'I', value: -1 }, '{value_negative,-1}'],
    ['x-max-length', bool, '"expected integer, got bool"'],
    ['x-max-length-bytes', { type: 'I', value: -7 }, '{value_negative,-7}'],
    ['x-max-priority', { type: 'I', value: 256 }, '{max_value_exceeded,256}'],
    ['x-max-priority', { type: 'I', value: -1 }, '{value_negative,-1}'],
    ['x-overflow', { type: 'S', value: 'drop-tail' }, 'invalid_overflow'],
    ['x-overflow', bool, '{unacceptable_type,bool}'],
    ['x-single-active-consumer', { type: 'S', value: 'true' }, '{unacceptable_type,longstr}'],
    ['x-queue-type', { type: 'S', value: 'foo' }, '"unsupported queue type \'foo\'"'],
    ['x-queue-mode', { type: 'S', value: 'eager' }, `"unsupported queue mode 'eager'"`],
  ])('%s, case %$', (name, field, reason) => {
    expect(() => read([[name, field]])).toThrow(
      expect.objectContaining({
        reply: 'PRECONDITION_FAILED',
        message: `invalid arg '${name}' for queue 'q' in vhost '/': ${reason}`,
      }),
    );
  });

  test('a dead-letter exchange that is no string', () => {
    expect(() => read(number('x-dead-letter-exchange', 1))).toThrow(
      expect.objectContaining({
        reply: 'PRECONDITION_FAILED',
        message: "invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue 'q' in vhost '/'",
      }),
    );
  });

  test('a dead-letter routing key without a dead-letter exchange', () => {
    expect(() => read(text('x-dead-letter-routing-key', 'k'))).toThrow(/routing_key_but_no_dlx_defined$/);
  });

  test.each<[string, string, Field]>([
    ['quorum', 'x-max-priority', { type: 'I', value: 5 }],
    ['quorum', 'x-max-age', { type: 'S', value: '1h' }],
    ['stream', 'x-message-ttl', { type: 'I', value: 5 }],
    ['stream', 'x-overflow', { type: 'S', value: 'drop-head' }],
    ['stream', 'x-delivery-limit', { type: 'I', value: 5 }],
    ['classic', 'x-delivery-limit', { type: 'I', value: 5 }],
    ['classic', 'x-max-age', { type: 'S', value: '1h' }],
  ])('a %s queue with %s, which only others have', (type, name, field) => {
    expect(() => read([[name, field], ...text('x-queue-type', type)])).toThrow(
      expect.objectContaining({
        reply: 'PRECONDITION_FAILED',
        message: `invalid arg '${name}' for queue 'q' in vhost '/' of queue type rabbit_${type}_queue`,
      }),
    );
  });

  test.each<[string, string, Field, string]>([
    ['quorum', 'x-dead-letter-strategy', { type: 'S', value: 'maybe' }, 'invalid_dlx_strategy'],
    ['quorum', 'x-queue-leader-locator', { type: 'S', value: 'here' }, 'invalid_queue_locator_arg'],
    ['stream', 'x-queue-leader-locator', { type: 'S', value: '' }, 'invalid_queue_locator_arg'],
    ['quorum', 'x-delivery-limit', { type: 'S', value: '1' }, '"expected integer, got longstr"'],
    ['stream', 'x-max-age', { type: 'S', value: '1 day' }, 'invalid_max_age'],
    ['stream', 'x-stream-filter-size-bytes', { type: 'I', value: 15 }, '{value_too_small,15}'],
  ])('of a %s queue %s, case %$', (type, name, field, reason) => {
    expect(() => read([[name, field], ...text('x-queue-type', type)])).toThrow(
      expect.objectContaining({ message: `invalid arg '${name}' for queue 'q' in vhost '/': ${reason}` }),
    );
  });
});

test('a segment size beyond what any stream may have', () => {
  const args: FieldTable = [['x-stream-max-segment-size-bytes', { type: 'l', value: 3_000_000_001n }]];
  expect(() => read([...args, ...text('x-queue-type', 'stream')])).toThrow(/^Exceeded max value for x-stream-max/);
});

test.each<[FieldTable, object]>([
  [[...text('x-queue-type', 'quorum'), ...number('x-delivery-limit', -1)], { type: 'quorum', deliveryLimit: -1 }],
  [
    [...text('x-queue-type', 'quorum'), ...text('x-dead-letter-strategy', 'at-least-once')],
    { type: 'quorum', deadLetterAtLeastOnce: true },
  ],
  [[...text('x-queue-type', 'stream'), ...text('x-max-age', '7D')], { type: 'stream', maxAgeMs: 7 * 86_400_000 }],
  [
    [...text('x-queue-type', 'stream'), ...number('x-stream-max-segment-size-bytes', 1000)],
    { type: 'stream', segmentBytesMax: 1000 },
  ],
])('what queues of other types are asked for is read: case %$', (args, expected) => {
  expect(read(args)).toEqual({ ...read([]), ...expected });
});
