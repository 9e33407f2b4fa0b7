import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checkTable,
  decodeTable,
  encodeTable,
  type Field,
  type FieldTable,
  findField,
} from '../../../lib/amqp/field-table.ts';
import { AmqpError } from '../../../lib/amqp/reply-code.ts';
import { anyTable } from './any-field.ts';

const decode = (bytes: Buffer): FieldTable => decodeTable(bytes, 0, bytes.length);
const entry = (name: string, hex: string): Buffer =>
  Buffer.concat([Buffer.of(name.length), Buffer.from(name), Buffer.from(hex.replaceAll(' ', ''), 'hex')]);

test('any table is read as it was written, and written as it was read', () => {
  fc.assert(
    fc.property(anyTable, (table) => {
      const bytes = encodeTable(table);
      expect(decode(bytes)).toEqual(table);
      expect(encodeTable(decode(bytes)).equals(bytes)).toBe(true);
    }),
  );
});

test.each<[string, string, FieldTable[number][1]]>([
  ['a bool', '74 01', { type: 't', value: true }],
  ['s is an integer of 16 bits, as RabbitMQ has it', '73 ff fe', { type: 's', value: -2 }],
  ['I is signed, i is not', '49 ff ff ff ff', { type: 'I', value: -1 }],
  ['i is unsigned', '69 ff ff ff ff', { type: 'i', value: 4_294_967_295 }],
  ['l keeps 64 bits', '6c 7f ff ff ff ff ff ff ff', { type: 'l', value: 2n ** 63n - 1n }],
  ['L is signed as well', '4c ff ff ff ff ff ff ff ff', { type: 'L', value: -1n }],
  ['T is unsigned', '54 ff ff ff ff ff ff ff ff', { type: 'T', value: 2n ** 64n - 1n }],
  ['D is scale and digits', '44 02 00 00 30 39', { type: 'D', scale: 2, unscaled: 12_345 }],
  ['S that is no UTF-8 stays bytes', '53 00 00 00 02 ff fe', { type: 'S', value: Uint8Array.of(0xff, 0xfe) }],
  ['x is not S', '78 00 00 00 01 41', { type: 'x', value: Uint8Array.of(0x41) }],
  [
    'the length of an array is in bytes',
    '41 00 00 00 03 74 01 56',
    { type: 'A', value: [{ type: 't', value: true }, { type: 'V' }] },
  ],
])('%s', (_rule, hex, field) => {
  const bytes = entry('k', hex);
  expect(decode(bytes)).toEqual([['k', field]]);
  expect(encodeTable([['k', field]]).equals(bytes)).toBe(true);
});

test('the first of two fields with one name is found', () => {
  const table = decode(Buffer.concat([entry('k', '42 01'), entry('k', '42 02')]));
  expect(table).toHaveLength(2);
  expect(findField(table, 'k')).toEqual({ type: 'B', value: 1 });
  expect(findField(table, 'other')).toBeUndefined();
});

test.each([
  ['an unknown type', '55 00 01'],
  ['a value that ends too early', '49 00 00'],
  ['a length beyond the end', '53 00 00 00 09 41'],
  ['a nested table that is broken', '46 00 00 00 02 05 41'],
  ['an array that is broken', '41 00 00 00 02 49 00'],
])('%s is a SYNTAX_ERROR', (_rule, hex) => {
  expect(() => decode(entry('k', hex))).toThrow(expect.objectContaining({ reply: 'SYNTAX_ERROR' }));
});

/** The bytes of arrays in one another. */
function nestedBytes(depth: number): Buffer {
  const heads = Array.from({ length: depth }, (_, index) => {
    const head = Buffer.from('A\0\0\0\0');
    head.writeUInt32BE((depth - 1 - index) * head.length, 1);
    return head;
  });
  return Buffer.concat([Buffer.from('\x01k'), ...heads]);
}

test('a table nested too deep is refused and not descended into', () => {
  const bytes = nestedBytes(100_000);
  expect(() => decode(bytes)).toThrow(expect.objectContaining({ reply: 'SYNTAX_ERROR' }));
  expect(() => checkTable(bytes, 0, bytes.length)).toThrow(expect.objectContaining({ reply: 'SYNTAX_ERROR' }));
});

test('no table is written that could not be read again', () => {
  const deepest = decode(nestedBytes(64));
  expect(encodeTable(deepest).equals(nestedBytes(64))).toBe(true);
  expect(() => decode(nestedBytes(65))).toThrow(AmqpError);
  for (const type of ['A', 'F'] as const) {
    const outer: Field = type === 'F' ? { type, value: deepest } : { type, value: deepest.map(([, field]) => field) };
    expect(() => encodeTable([['k', outer]])).toThrow(expect.objectContaining({ reply: 'INTERNAL_ERROR' }));
  }
});

test.each<Field>([
  { type: 'b', value: 128 },
  { type: 'B', value: -1 },
  { type: 's', value: 70_000 },
  { type: 'u', value: -1 },
  { type: 'I', value: 2 ** 31 },
  { type: 'i', value: -1 },
  { type: 'l', value: 2n ** 63n },
  { type: 'T', value: -1n },
  { type: 'D', scale: 256, unscaled: 0 },
  { type: 'D', scale: 0, unscaled: 2 ** 32 },
])('a number that its type cannot hold is refused, never cut: $type', (field) => {
  expect(() => encodeTable([['k', field]])).toThrow(expect.objectContaining({ reply: 'INTERNAL_ERROR' }));
});

test('names that are no UTF-8 stay different, keep their bytes and their place', () => {
  const names = fc.uniqueArray(fc.uint8Array({ maxLength: 255 }), {
    selector: (name) => Buffer.from(name).toString('hex'),
  });
  fc.assert(
    fc.property(names, (raw) => {
      const bytes = Buffer.concat(raw.flatMap((name) => [Buffer.of(name.length), name, Buffer.from('V')]));
      const table = decode(bytes);
      expect(new Set(table.map(([name]) => name)).size).toBe(raw.length);
      expect(encodeTable(table).equals(bytes)).toBe(true);
    }),
  );
});

test.each([
  ['a quiet NaN keeps its bits in a double', '64 ff f8 00 00 00 00 12 34'],
  ['a quiet NaN keeps its bits in a float', '66 ff c0 12 34'],
  ['minus zero is not zero', '64 80 00 00 00 00 00 00 00'],
  ['text keeps its byte order mark', '53 00 00 00 04 ef bb bf 61'],
])('%s', (_rule, hex) => {
  const bytes = entry('k', hex);
  expect(encodeTable(decode(bytes)).equals(bytes)).toBe(true);
});

test('what was read does not change with the buffer that it was read from', () => {
  const bytes = Buffer.concat([entry('x', '78 00 00 00 01 41'), entry('s', '53 00 00 00 01 ff')]);
  const table = decode(bytes);
  bytes.fill(0);
  expect(table).toEqual([
    ['x', { type: 'x', value: Uint8Array.of(0x41) }],
    ['s', { type: 'S', value: Uint8Array.of(0xff) }],
  ]);
});

test('whatever bytes come, a table is read or refused, never more', () => {
  fc.assert(
    fc.property(
      anyTable,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 }),
      (table, changes) => {
        const bytes = encodeTable(table);
        if (bytes.length === 0) return;
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        let refusal: unknown = null;
        try {
          checkTable(bytes, 0, bytes.length);
        } catch (error) {
          refusal = error;
        }
        if (refusal === null) decode(bytes);
        else {
          expect(refusal).toBeInstanceOf(AmqpError);
          expect(() => decode(bytes)).toThrow(AmqpError);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('a name over 255 bytes is refused, never cut', () => {
  expect(() => encodeTable([['ü'.repeat(128), { type: 'V' }]])).toThrow(AmqpError);
});
