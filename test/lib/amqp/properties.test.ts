import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeTable } from '../../../lib/amqp/field-table.ts';
import { decodeProperties, encodeContentHeader, type Properties, PropertyScan } from '../../../lib/amqp/properties.ts';
import { AmqpError } from '../../../lib/amqp/reply-code.ts';
import { anyTable, anyText } from './any-field.ts';

const FLAGS_AT = 12;
const octet = fc.nat(255);
const anyProperties: fc.Arbitrary<Properties> = fc.record(
  {
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
  },
  { requiredKeys: [] },
);

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
