import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTable, encodeTable, type Field, type FieldTable } from '../../../../lib/amqp/field-table.ts';
import { FIELD_DEPTH_MAX } from '../../../../lib/amqp/field-type.ts';
import type { Properties } from '../../../../lib/amqp/properties.ts';
import {
  fieldTable,
  typedProperties,
  typedTable,
  wireProperties,
} from '../../../../lib/engine/embedded/typed-table.ts';
import type { MessageProperties } from '../../../../lib/engine/messages.ts';
import type { TypedField } from '../../../../lib/fields/typed-field.ts';

const integer = (type: 'b' | 'B' | 's' | 'u' | 'I' | 'i', min: number, max: number): fc.Arbitrary<Field> =>
  fc.integer({ min, max }).map((value) => ({ type, value }));
const name = fc.string({ unit: 'binary', maxLength: 60 });

const scalar: fc.Arbitrary<Field> = fc.oneof(
  fc.boolean().map((value): Field => ({ type: 't', value })),
  integer('b', -128, 127),
  integer('B', 0, 255),
  integer('s', -32_768, 32_767),
  integer('u', 0, 65_535),
  integer('I', -(2 ** 31), 2 ** 31 - 1),
  integer('i', 0, 2 ** 32 - 1),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Field => ({ type: 'l', value })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Field => ({ type: 'L', value })),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value): Field => ({ type: 'T', value })),
  fc.float().map((value): Field => ({ type: 'f', value })),
  fc.double().map((value): Field => ({ type: 'd', value })),
  fc
    .record({ scale: fc.nat(255), unscaled: fc.integer({ min: 0, max: 2 ** 32 - 1 }) })
    .map((decimal): Field => ({ type: 'D', ...decimal })),
  fc.string({ unit: 'binary' }).map((value): Field => ({ type: 'S', value })),
  fc.uint8Array().map((value): Field => ({ type: 'S', value })),
  fc.uint8Array().map((value): Field => ({ type: 'x', value })),
  fc.constant<Field>({ type: 'V' }),
);

const { table } = fc.letrec<{ field: Field; table: FieldTable }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('field'), { maxLength: 4 }).map((value): Field => ({ type: 'A', value })),
    tie('table').map((value): Field => ({ type: 'F', value })),
  ),
  table: fc.array(fc.tuple(name, tie('field')), { maxLength: 5 }),
}));

const bytesOf = (value: FieldTable): string => encodeTable(value).toString('hex');

describe('a field table', () => {
  test('goes through the port and comes back byte by byte: types, order and duplicates', () => {
    fc.assert(
      fc.property(table, (fields) => {
        const bytes = encodeTable(fields);
        const read = decodeTable(bytes, 0, bytes.length);
        expect(bytesOf(fieldTable(typedTable(read)))).toBe(bytes.toString('hex'));
      }),
      { numRuns: 500 },
    );
  });

  test('survives JSON and structured clone on its way', () => {
    fc.assert(
      fc.property(table, (fields) => {
        const typed = typedTable(fields);
        expect(bytesOf(fieldTable(structuredClone(typed)))).toBe(bytesOf(fields));
        expect(bytesOf(fieldTable(JSON.parse(JSON.stringify(typed))))).toBe(bytesOf(fields));
      }),
    );
  });

  test('bytes that are no text stay bytes', () => {
    const fields: FieldTable = [['b', { type: 'S', value: Buffer.from([0xff, 0xfe]) }]];
    expect(typedTable(fields)).toEqual([{ name: 'b', field: { type: 'S-bytes', value: '//4=' } }]);
    expect(bytesOf(fieldTable(typedTable(fields)))).toBe(bytesOf(fields));
  });

  test('that is nested deeper than the wire takes is refused, and one of that depth is not', () => {
    const nested = (levels: number): TypedField => {
      let field: TypedField = { type: 'V', value: null };
      for (let i = 0; i < levels; i++)
        field = i % 2 === 0 ? { type: 'A', value: [field] } : { type: 'F', value: [{ name: 'n', field }] };
      return field;
    };
    const asTable = (levels: number) => fieldTable([{ name: 'h', field: nested(levels) }]);
    expect(() => encodeTable(asTable(FIELD_DEPTH_MAX))).not.toThrow();
    expect(() => asTable(FIELD_DEPTH_MAX + 1)).toThrow('a field table is nested deeper than 64 levels');
  });

  test.each<[TypedField, string]>([
    [{ type: 'b', value: 128 }, "'h': 128 is not between -128 and 127"],
    [{ type: 'B', value: -1 }, "'h': -1 is not between 0 and 255"],
    [{ type: 's', value: 40_000 }, "'h': 40000 is not between -32768 and 32767"],
    [{ type: 'u', value: 65_536 }, "'h': 65536 is not between 0 and 65535"],
    [{ type: 'I', value: 2 ** 31 }, "'h': 2147483648 is not between -2147483648 and 2147483647"],
    [{ type: 'i', value: -5 }, "'h': -5 is not between 0 and 4294967295"],
    [{ type: 'I', value: 1.5 }, "'h': '1.5' is no integer"],
    [{ type: 'l', value: 'abc' }, "'h': 'abc' is no integer"],
    [{ type: 'l', value: '' }, "'h': '' is no integer"],
    [
      { type: 'l', value: '9223372036854775808' },
      "'h': 9223372036854775808 is not between -9223372036854775808 and 9223372036854775807",
    ],
    [{ type: 'T', value: '-1' }, "'h': -1 is not between 0 and 18446744073709551615"],
    [{ type: 'D', value: { scale: 256, unscaled: 1 } }, "'h': 256 is not between 0 and 255"],
    [{ type: 'f', value: 1e39 }, "'h': 1e+39 is larger than a float of 32 bits can be"],
    [{ type: 'x', value: 'a' }, "'h': it is no base64"],
  ])('a value that its type cannot hold is refused, deep inside too: case %$', (field, message) => {
    const refusal = expect.objectContaining({ code: 'INVALID_REQUEST', message });
    expect(() => fieldTable([{ name: 'h', field }])).toThrow(refusal);
    expect(() => fieldTable([{ name: 'h', field: { type: 'A', value: [field] } }])).toThrow(refusal);
    expect(() => fieldTable([{ name: 't', field: { type: 'F', value: [{ name: 'h', field }] } }])).toThrow(refusal);
  });

  test('tables and lists that are nested deeper than the wire has them are refused', () => {
    const nested = (levels: number): TypedField =>
      levels === 0 ? { type: 'V', value: null } : { type: 'F', value: [{ name: 'n', field: nested(levels - 1) }] };
    expect(encodeTable(fieldTable([{ name: 'h', field: nested(64) }])).length).toBeGreaterThan(64);
    expect(() => fieldTable([{ name: 'h', field: nested(65) }])).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST', message: 'a field table is nested deeper than 64 levels' }),
    );
  });

  test('a name over 255 bytes is refused', () => {
    const field: TypedField = { type: 'V', value: null };
    fieldTable([{ name: 'ü'.repeat(127), field }]);
    expect(() => fieldTable([{ name: 'ü'.repeat(128), field }])).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST' }),
    );
  });
});

describe('properties', () => {
  const text = fc.string({ maxLength: 80 });
  const octet = fc.nat(255);
  const properties: fc.Arbitrary<Properties> = fc.record(
    {
      contentType: text,
      contentEncoding: text,
      headers: table,
      deliveryMode: octet,
      priority: octet,
      correlationId: text,
      replyTo: text,
      expiration: text,
      messageId: text,
      timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      type: text,
      userId: text,
      appId: text,
      clusterId: text,
    },
    { requiredKeys: [] },
  );

  test('go through the port and come back; absent ones stay absent', () => {
    fc.assert(
      fc.property(properties, ({ headers, ...fields }) => {
        const back = wireProperties(typedProperties({ ...fields, ...(headers && { headers }) }));
        const { headers: backHeaders, ...rest } = back;
        expect(rest).toEqual(fields);
        expect(backHeaders && bytesOf(backHeaders)).toBe(headers && bytesOf(headers));
      }),
    );
  });

  test.each<[MessageProperties, string]>([
    [{ timestamp: 'today' }, 'timestamp is not a number of seconds'],
    [{ timestamp: '-1' }, 'timestamp is not a number of seconds'],
    [{ timestamp: '18446744073709551616' }, 'timestamp is not a number of seconds'],
    [{ messageId: 'x'.repeat(256) }, 'messageId is longer than 255 bytes'],
    [{ correlationId: 'ü'.repeat(128) }, 'correlationId is longer than 255 bytes'],
    [{ priority: 256 }, 'priority is not between 0 and 255'],
    [{ deliveryMode: -1 }, 'deliveryMode is not between 0 and 255'],
    [{ priority: 1.5 }, 'priority is not between 0 and 255'],
  ])('a value that the property cannot hold is refused: case %$', (properties, message) => {
    expect(() => wireProperties(properties)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST', message }));
  });
});
