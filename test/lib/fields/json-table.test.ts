import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparable } from '../../../lib/broker/comparable-field.ts';
import { fieldTable, typedTable } from '../../../lib/engine/embedded/typed-table.ts';
import { EXPORTED, FieldError, jsonTable, tableOfJson } from '../../../lib/fields/json-table.ts';
import type { TypedField } from '../../../lib/fields/typed-field.ts';
import { type JsonObject, type JsonValue, jsonFloat } from '../../../lib/json/json-value.ts';
import { readJson } from '../../../lib/json/read-json.ts';
import { writeJson } from '../../../lib/json/write-json.ts';
import { anyTable } from '../amqp/any-field.ts';
import { anyJson } from '../json/any-json.ts';

const MAX = 2n ** 63n - 1n;

/** Text of JSON, the field that RabbitMQ makes of it, and what it writes of that field. */
test.each<[string, TypedField, string?]>([
  ['5', { type: 'l', value: '5' }],
  ['-0', { type: 'l', value: '0' }, '0'],
  ['9007199254740993', { type: 'l', value: '9007199254740993' }],
  ['9223372036854775807', { type: 'l', value: '9223372036854775807' }],
  ['-9223372036854775808', { type: 'l', value: '-9223372036854775808' }],
  ['5.0', { type: 'd', value: 5 }],
  ['1e2', { type: 'd', value: 100 }, '100.0'],
  ['0.1', { type: 'd', value: 0.1 }],
  ['-0.0', { type: 'd', value: '-0' }],
  ['1e39', { type: 'd', value: 1e39 }, '1.0e39'],
  ['100000000000000000000.0', { type: 'd', value: 1e20 }, '1.0e20'],
  ['"5"', { type: 'S', value: '5' }],
  ['true', { type: 't', value: true }],
  ['null', { type: 'V', value: null }],
  ['[]', { type: 'A', value: [] }],
  ['{}', { type: 'F', value: [] }],
  [
    '[1,2.0,{"a":1,"a":2}]',
    {
      type: 'A',
      value: [
        { type: 'l', value: '1' },
        { type: 'd', value: 2 },
        { type: 'F', value: [{ name: 'a', field: { type: 'l', value: '2' } }] },
      ],
    },
    '[1,2.0,{"a":2}]',
  ],
])('%s becomes the field that RabbitMQ makes of it, and comes back', (text, field, written = text) => {
  const table = tableOfJson(readJson(`{"h":${text}}`) as JsonObject);
  expect(table).toEqual([{ name: 'h', field }]);
  expect(writeJson(jsonTable(table))).toBe(`{"h":${written}}`);
});

/** Fields that JSON has no type for. */
test.each<[TypedField, string]>([
  [{ type: 'b', value: -128 }, '-128'],
  [{ type: 'i', value: 4_294_967_295 }, '4294967295'],
  [{ type: 'L', value: '-1' }, '-1'],
  [{ type: 'T', value: '18446744073709551615' }, '18446744073709551615'],
  [{ type: 'f', value: 5 }, '5.0'],
  [{ type: 'f', value: Math.fround(0.1) }, '0.10000000149011612'],
  [{ type: 'd', value: 'NaN' }, '"NaN"'],
  [{ type: 'f', value: '-Infinity' }, '"-Infinity"'],
  [{ type: 'D', value: { scale: 2, unscaled: 314 } }, '3.14'],
  [{ type: 'D', value: { scale: 0, unscaled: 5 } }, '5.0'],
  [{ type: 'D', value: { scale: 255, unscaled: 4_294_967_295 } }, '4.294967295e-246'],
  [{ type: 'x', value: 'YWJj' }, '"abc"'],
  [{ type: 'x', value: '/wA=' }, '"Not UTF-8, base64 is: /wA="'],
  [{ type: 'S-bytes', value: '/wA=' }, '"Not UTF-8, base64 is: /wA="'],
])('%j is written as %s', (field, text) => {
  expect(writeJson(jsonTable([{ name: 'h', field }]))).toBe(`{"h":${text}}`);
});

describe('of a table', () => {
  test('the first of equal names is written, as it is the one that counts', () => {
    const one: TypedField = { type: 'l', value: '1' };
    const two: TypedField = { type: 'l', value: '2' };
    const table = [
      { name: 'a', field: one },
      { name: 'a', field: two },
    ];
    expect(jsonTable([...table, { name: 'f', field: { type: 'F', value: table } }])).toEqual({ a: 1, f: { a: 1 } });
  });

  test('what goes out as JSON and comes back is for a headers exchange the same, but for decimals and what JSON has no number for', () => {
    const isOdd = (field: TypedField): boolean =>
      field.type === 'D' ||
      ((field.type === 'f' || field.type === 'd') && typeof field.value === 'string' && field.value !== '-0');
    fc.assert(
      fc.property(anyTable, (fields) => {
        const flat = fields.filter(
          ([name, { type }], i) => type !== 'F' && type !== 'A' && fields.findIndex(([other]) => other === name) === i,
        );
        const table = typedTable(flat).filter(({ field }) => !isOdd(field));
        const back = tableOfJson(readJson(writeJson(jsonTable(table))) as JsonObject, EXPORTED);
        const texts = (of: typeof table) => new Map(fieldTable(of).map(([name, field]) => [name, comparable(field)]));
        expect(texts(back)).toEqual(texts(table));
      }),
    );
  });
});

describe('an object becomes a table', () => {
  test('and comes back the same, whatever is in it', () => {
    const isTooLong = (value: JsonValue): boolean =>
      typeof value === 'bigint'
        ? value > MAX || value < -MAX - 1n
        : typeof value === 'object' && value !== null && Object.values(value).some(isTooLong);
    fc.assert(
      fc.property(anyJson, (value) => {
        const read = (): unknown => jsonTable(tableOfJson({ value }));
        if (isTooLong(value)) expect(read).toThrow(FieldError);
        else expect(read()).toEqual({ value });
      }),
    );
  });

  test('unless an integer has more than 64 bits, or it is nested deeper than the wire has it', () => {
    expect(() => tableOfJson({ a: [{ n: MAX + 1n }] })).toThrow(
      "'n': 9223372036854775808 is not between -9223372036854775808 and 9223372036854775807",
    );
    const nested = (levels: number): JsonValue => (levels === 0 ? jsonFloat(5) : [nested(levels - 1)]);
    expect(() => tableOfJson({ a: nested(65) })).toThrow("'a': it is nested deeper than 64 levels");
    expect(fieldTable(tableOfJson({ a: nested(64) }))).toHaveLength(1);
  });

  test('RabbitMQ’s text of bytes stands for the bytes, and is a text where it could not have written it', () => {
    expect(tableOfJson({ a: 'Not UTF-8, base64 is: /wA=' })).toEqual([
      { name: 'a', field: { type: 'S-bytes', value: '/wA=' } },
    ]);
    for (const text of ['Not UTF-8, base64 is: YWJj', 'Not UTF-8, base64 is: ', 'Not UTF-8, base64 is: /w']) {
      expect(tableOfJson({ a: text })).toEqual([{ name: 'a', field: { type: 'S', value: text } }]);
    }
  });
});
