import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, FRAME_METHOD } from '../../../lib/amqp/frame.ts';
import {
  decodeMethod,
  encodeMethod,
  METHOD_NAMES,
  type MethodName,
  methodArguments,
  methodIds,
} from '../../../lib/amqp/method.ts';
import { AmqpError } from '../../../lib/amqp/reply-code.ts';
import { amqplib } from './amqplib-codec.ts';
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
  for (const name of METHOD_NAMES) {
    const { classId, methodId } = methodIds(name);
    expect([name, amqplib.methodId(name)]).toEqual([name, (classId << 16) | methodId]);
  }
});

test.each(METHOD_NAMES)('%s is written as another implementation writes it', (name) => {
  fc.assert(
    fc.property(argumentsOf(name), fc.nat(65_535), (any, channel) => {
      const ours: Record<string, unknown> = { ...any };
      const theirs: Record<string, unknown> = { ...any };
      for (const [key, kind] of methodArguments(name)) {
        if (kind !== 'table') continue;
        ours[key] = [['text', { type: 'S', value: 'ü' }] as const, ['flag', { type: 't', value: true }] as const];
        theirs[key] = { text: 'ü', flag: true };
      }
      const frame = encodeFrame(FRAME_METHOD, channel, encodeMethod(name, ours));
      expect(frame.equals(amqplib.encodeMethod(amqplib.methodId(name), channel, theirs))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('arguments left out are zero or empty', () => {
  for (const name of METHOD_NAMES) {
    const args: Record<string, unknown> = decode(encodeMethod(name, {})).arguments;
    for (const value of Object.values(args)) expect([0, '', false]).toContain(Object(value).length === 0 ? '' : value);
  }
});

test('whatever bytes come, a method is read or refused, never more', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...METHOD_NAMES),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
      fc.uint8Array({ maxLength: 40 }),
      (name, changes, random) => {
        const bytes = Buffer.concat([encodeMethod(name, {}), random]);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(AmqpError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('a number that its argument cannot hold is refused, never cut', () => {
  const refused = expect.objectContaining({ reply: 'INTERNAL_ERROR' });
  expect(() => encodeMethod('connection.tune', { channelMax: 65_536 })).toThrow(refused);
  expect(() => encodeMethod('connection.tune', { frameMax: -1 })).toThrow(refused);
  expect(() => encodeMethod('basic.ack', { deliveryTag: -1 })).toThrow(refused);
  expect(() => encodeMethod('basic.ack', { deliveryTag: 0.5 })).toThrow(refused);
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
