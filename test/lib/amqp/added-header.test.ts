import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withLongHeader } from '../../../lib/amqp/added-header.ts';
import { decodeProperties, encodeContentHeader, type Properties } from '../../../lib/amqp/properties.ts';

const FLAGS_AT = 12;

/** The properties after the header was added to a content header in the middle of other bytes. */
function added(properties: Properties, name: string, value: number): Properties {
  const header = encodeContentHeader(7, properties);
  const bytes = Buffer.concat([Buffer.from('before'), header, Buffer.from('behind')]);
  const out = withLongHeader(bytes, 6, 6 + header.length, name, value);
  expect(out.readBigUInt64BE(4)).toBe(7n);
  return decodeProperties(out, FLAGS_AT, out.length);
}

const text = fc.string({ maxLength: 20 });
const anyProperties: fc.Arbitrary<Properties> = fc.record(
  {
    contentType: text,
    contentEncoding: text,
    headers: fc.array(
      fc.tuple(
        text.map((name) => `h${name}`),
        fc.record({ type: fc.constant('S' as const), value: text }),
      ),
      { maxLength: 4 },
    ),
    deliveryMode: fc.constantFrom(1, 2),
    priority: fc.nat(255),
    messageId: text,
    timestamp: fc.bigInt(0n, 2n ** 60n),
    clusterId: text,
  },
  { requiredKeys: [] },
);

test('the header comes first among the others, and nothing else changes', () => {
  fc.assert(
    fc.property(anyProperties, fc.nat(Number.MAX_SAFE_INTEGER), (properties, value) => {
      const entry = ['x-count', { type: 'l', value: BigInt(value) }];
      expect(added(properties, 'x-count', value)).toEqual({
        ...properties,
        headers: [entry, ...(properties.headers ?? [])],
      });
    }),
  );
});

test('an entry of that name is replaced', () => {
  const headers: Properties['headers'] = [
    ['a', { type: 'V' }],
    ['x-count', { type: 'S', value: 'of somebody else' }],
  ];
  expect(added({ headers }, 'x-count', 3).headers).toEqual([
    ['x-count', { type: 'l', value: 3n }],
    ['a', { type: 'V' }],
  ]);
});

test('the name in another place is no entry', () => {
  const properties: Properties = { contentType: 'x-count', headers: [['not', { type: 'S', value: 'x-count' }]] };
  expect(added(properties, 'x-count', 1).headers).toEqual([
    ['x-count', { type: 'l', value: 1n }],
    ['not', { type: 'S', value: 'x-count' }],
  ]);
});
