import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeTable } from '../../../lib/amqp/field-table.ts';
import { encodeFrame, FRAME_HEADER } from '../../../lib/amqp/frame.ts';
import { decodeProperties, encodeContentHeader, type Properties, PropertyScan } from '../../../lib/amqp/properties.ts';
import { AmqpError } from '../../../lib/amqp/reply-code.ts';
import { amqplib } from './amqplib-codec.ts';
import { anyTable, anyText } from './any-field.ts';

const FLAGS_AT = 12;
const octet = fc.nat(255);
const anyPropertiesModel = {
  contentType: anyText,
  contentEncoding: anyText,
  headers: anyTable,
  deliveryMode: octet,
  priority: octet,
  correlationId: anyText,
  replyTo: anyText,
  expiration: anyText,
  messageId: anyText,
  timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  type: anyText,
  userId: anyText,
  appId: anyText,
  clusterId: anyText,
};
const anyProperties: fc.Arbitrary<Properties> = fc.record(anyPropertiesModel, { requiredKeys: [] });

const decode = (bytes: Buffer): Properties => decodeProperties(bytes, FLAGS_AT, bytes.length);

test('any properties are read as they were written, and written as they were read', () => {
  fc.assert(
    fc.property(anyProperties, fc.nat(2 ** 40), (properties, size) => {
      const bytes = encodeContentHeader(size, properties);
      expect(Number(bytes.readBigUInt64BE(4))).toBe(size);
      expect(decode(bytes)).toEqual(properties);
      expect(encodeContentHeader(size, decode(bytes)).equals(bytes)).toBe(true);
    }),
  );
});

test('flags stand in the order of the specification', () => {
  const bytes = encodeContentHeader(5, { contentType: 'a', deliveryMode: 2, clusterId: 'c' });
  expect(bytes.toString('hex')).toBe('003c0000000000000000000590040161020163');
});

test('texts that are no UTF-8 keep their bytes, whatever they are', () => {
  const CORRELATION_ID = 1 << 10;
  const MESSAGE_ID = 1 << 7;
  const raw = fc.uint8Array({ maxLength: 255 });
  fc.assert(
    fc.property(raw, raw, (correlationId, messageId) => {
      const head = encodeContentHeader(7, {});
      head.writeUInt16BE(CORRELATION_ID | MESSAGE_ID, FLAGS_AT);
      const texts = [correlationId, messageId].flatMap((text) => [Buffer.of(text.length), text]);
      const bytes = Buffer.concat([head, ...texts]);
      expect(encodeContentHeader(7, decode(bytes)).equals(bytes)).toBe(true);
    }),
  );
});

test('a text of 255 bytes that are no UTF-8 is not longer when it is written again', () => {
  const bytes = encodeContentHeader(0, { correlationId: 'x'.repeat(255) });
  bytes.fill(0xff, FLAGS_AT + 3);
  expect(encodeContentHeader(0, decode(bytes)).equals(bytes)).toBe(true);
});

test('the character that stands for lost ones is a character like any other', () => {
  const properties = { correlationId: 'a\ufffdb' };
  expect(decode(encodeContentHeader(0, properties))).toEqual(properties);
});

test.each<Properties>([{ priority: 300 }, { deliveryMode: -1 }, { timestamp: 2n ** 64n }, { timestamp: -1n }])(
  'a number that its property cannot hold is refused, never cut: %o',
  (properties) => {
    expect(() => encodeContentHeader(0, properties)).toThrow(expect.objectContaining({ reply: 'INTERNAL_ERROR' }));
  },
);

test('another implementation writes the same bytes', () => {
  const { headers: _, ...withoutHeaders } = anyPropertiesModel;
  const comparable = fc.record(
    // amqplib knows timestamps as numbers, and has no word for most types of fields.
    { ...withoutHeaders, timestamp: fc.maxSafeNat().map(BigInt) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(comparable, fc.nat(2 ** 40), (properties, size) => {
      const { timestamp, ...rest } = properties;
      const theirs = { ...rest, ...(timestamp !== undefined && { timestamp: Number(timestamp) }) };
      const ours = encodeFrame(FRAME_HEADER, 3, encodeContentHeader(size, properties));
      expect(ours.equals(amqplib.encodeProperties(60, 3, size, theirs))).toBe(true);
    }),
  );
});

test('a text over 255 bytes is refused, never cut', () => {
  expect(() => encodeContentHeader(0, { messageId: 'ü'.repeat(128) })).toThrow(AmqpError);
});

describe('the scan', () => {
  const scan = new PropertyScan();
  const text = (bytes: Buffer, start: number, end: number) =>
    start < 0 ? undefined : bytes.toString('utf8', start, end);

  test('finds what the full reading finds', () => {
    fc.assert(
      fc.property(anyProperties, (properties) => {
        const bytes = encodeContentHeader(0, properties);
        scan.scan(bytes, FLAGS_AT, bytes.length);
        expect(scan.deliveryMode).toBe(properties.deliveryMode ?? 0);
        expect(scan.priority).toBe(properties.priority ?? -1);
        expect(text(bytes, scan.expirationStart, scan.expirationEnd)).toBe(properties.expiration);
        expect(text(bytes, scan.userIdStart, scan.userIdEnd)).toBe(properties.userId);
        expect(text(bytes, scan.replyToStart, scan.replyToEnd)).toBe(properties.replyTo);
        const headers = scan.headersStart < 0 ? undefined : bytes.subarray(scan.headersStart, scan.headersEnd);
        expect(headers).toEqual(properties.headers && encodeTable(properties.headers));
      }),
    );
  });

  test('remembers nothing of the message before', () => {
    const full = encodeContentHeader(0, { headers: [], deliveryMode: 2, priority: 1, replyTo: 'r', userId: 'u' });
    const bare = encodeContentHeader(0, {});
    scan.scan(full, FLAGS_AT, full.length);
    scan.scan(bare, FLAGS_AT, bare.length);
    expect(scan).toEqual(new PropertyScan());
  });

  test('refuses properties that are cut off, too long, or unknown', () => {
    const bytes = encodeContentHeader(0, { contentType: 'text/plain', priority: 3, headers: [['a', { type: 'V' }]] });
    for (let end = FLAGS_AT; end < bytes.length; end++)
      expect(() => scan.scan(bytes, FLAGS_AT, end)).toThrow(AmqpError);
    const longer = Buffer.concat([bytes, Buffer.of(0)]);
    expect(() => scan.scan(longer, FLAGS_AT, longer.length)).toThrow(AmqpError);
    const unknown = encodeContentHeader(0, {});
    unknown[FLAGS_AT + 1] = 1;
    expect(() => scan.scan(unknown, FLAGS_AT, unknown.length)).toThrow(AmqpError);
  });

  test('whatever bytes come, they are scanned or refused, never more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 60 }), (random) => {
        const bytes = Buffer.from(random);
        try {
          scan.scan(bytes, 0, bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(AmqpError);
          return;
        }
        expect(scan.headersEnd).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 1000 },
    );
  });
});
