import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeMethod,
  encodeMethod,
  METHOD_NAMES,
  type MethodName,
  methodArguments,
  methodIds,
} from '../../../lib/amqp/method.ts';
import { AmqpError } from '../../../lib/amqp/reply-code.ts';
import { anyTable, anyText } from './any-field.ts';

const decode = (bytes: Buffer) => decodeMethod(bytes, 0, bytes.length);

const KINDS: Record<ReturnType<typeof methodArguments>[number][1], fc.Arbitrary<unknown>> = {
  octet: fc.nat(255),
  short: fc.nat(65_535),
  long: fc.nat(2 ** 32 - 1),
  longlong: fc.maxSafeNat(),
  shortstr: anyText,
  longstr: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  bit: fc.boolean(),
  table: anyTable,
};

const argumentsOf = (name: MethodName) =>
  fc.record(Object.fromEntries(methodArguments(name).map(([key, kind]) => [key, KINDS[kind]])));

test.each(METHOD_NAMES)('%s is read as it was written', (name) => {
  fc.assert(
    fc.property(argumentsOf(name), (args) => {
      const bytes = encodeMethod(name, args);
      expect(decode(bytes)).toEqual({ name, arguments: args });
    }),
    { numRuns: 30 },
  );
});

test('every method has the number that another implementation knows it by', () => {
  const defs = createRequire(import.meta.url)
    .resolve('amqplib')
    .replace(/channel_api\.js$/, 'lib/defs.js');
  const known = createRequire(import.meta.url)(defs) as Record<string, number>;
  for (const name of METHOD_NAMES) {
    const { classId, methodId } = methodIds(name);
    const theirs = name.replace(/(^|[.-])(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    expect([name, known[theirs]]).toEqual([name, (classId << 16) | methodId]);
  }
});

test('a method that nobody knows is a COMMAND_INVALID', () => {
  expect(() => decode(Buffer.of(0, 60, 0, 99))).toThrow(expect.objectContaining({ reply: 'COMMAND_INVALID' }));
});

test('arguments that end too early or go on too long are a SYNTAX_ERROR', () => {
  const bytes = encodeMethod('queue.declare', { queue: 'q', arguments: [['a', { type: 'V' }]] });
  for (let end = 4; end < bytes.length; end++) {
    expect(() => decodeMethod(bytes, 0, end)).toThrow(expect.objectContaining({ reply: 'SYNTAX_ERROR' }));
  }
  expect(() => decode(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(
    expect.objectContaining({ reply: 'SYNTAX_ERROR' }),
  );
});

test('a short string that is no UTF-8 is a FRAME_ERROR', () => {
  const bytes = encodeMethod('basic.cancel', { consumerTag: 'ab' });
  bytes[5] = 0xff;
  expect(() => decode(bytes)).toThrow(
    expect.objectContaining({ reply: 'FRAME_ERROR', message: 'Malformed UTF-8 in shortstr' }),
  );
});

test('a delivery tag beyond 2^53 is nobody’s', () => {
  const bytes = encodeMethod('basic.ack', { deliveryTag: 1 });
  bytes.fill(0xff, 4, 12);
  expect(decode(bytes)).toMatchObject({ arguments: { deliveryTag: Number.MAX_SAFE_INTEGER } });
});

test('a text over 255 bytes is refused, never cut', () => {
  expect(() => encodeMethod('basic.cancel', { consumerTag: 'x'.repeat(256) })).toThrow(AmqpError);
});

test('a reply text is cut to 255 bytes at a character', () => {
  const { replyText } = new AmqpError('NOT_FOUND', 'ü'.repeat(200));
  expect(Buffer.byteLength(replyText)).toBeLessThanOrEqual(255);
  expect(replyText.startsWith('NOT_FOUND - ü')).toBe(true);
  expect(replyText).not.toContain('\ufffd');
});
