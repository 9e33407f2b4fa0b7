import { expect, test } from 'vitest';
import * as z from 'zod';
import { jsonFloat } from '../../../../lib/json/json-value.ts';
import { refusalText } from '../../../../lib/management/schema/refusal.ts';
import {
  flag,
  flagOr,
  integer,
  longInteger,
  requiredText,
  table,
  tags,
  text,
  textOr,
} from '../../../../lib/management/schema/sent-value.ts';

function read(shape: z.ZodRawShape, body: object): unknown {
  const { data, error } = z.object(shape).safeParse(body, { reportInput: true });
  return error === undefined ? data : refusalText(error);
}

test('booleans and numbers may be texts', () => {
  expect(read({ a: flag, b: flag, n: integer, m: integer }, { a: 'true', b: false, n: ' -7 ', m: 5 })).toEqual({
    ...{ a: true, b: false, n: -7, m: 5 },
  });
});

test('null is taken for what is left out', () => {
  const shape = { a: flagOr(true), b: textOr('x'), c: requiredText, d: table.prefault({}) };
  expect(read(shape, { a: null, b: null, c: null, d: null })).toEqual({ a: true, b: 'x', c: '', d: [] });
  expect(read(shape, { c: 'c' })).toEqual({ a: true, b: 'x', c: 'c', d: [] });
});

test('tags are a text with commas or a list', () => {
  expect(read({ tags }, { tags: 'a, b,,' })).toEqual({ tags: ['a', 'b'] });
  expect(read({ tags }, { tags: ['a', 'b'] })).toEqual({ tags: ['a', 'b'] });
});

test('a table is an object, or the empty list of some tools', () => {
  expect(read({ table }, { table: [] })).toEqual({ table: [] });
  expect(read({ table }, { table: { n: 1, __proto__: 1 } })).toEqual({
    table: [{ name: 'n', field: { type: 'l', value: '1' } }],
  });
});

test.each([
  [{ flag: 'yes' }, '{not_boolean,flag}'],
  [{ integer: '1e3' }, '{not_integer,integer}'],
  [{ integer: 1.5 }, '{not_integer,integer}'],
  [{ integer: 2 ** 60 }, '{not_integer,integer}'],
  [{ text: 5 }, '{not_a_string,text}'],
  [{ tags: { a: 1 } }, '{invalid_tags}'],
  [{ table: 'x' }, '{not_a_table,table}'],
  [{ table: ['x'] }, '{not_a_table,table}'],
  [{ table: { gone: null } }, 'null_not_allowed'],
  [{ table: { list: [{ gone: null }] } }, 'null_not_allowed'],
])('%j is refused', (body, reason) => {
  const shape = { flag: flag.optional(), integer: integer.optional(), text: text.optional() };
  expect(read({ ...shape, tags: tags.optional(), table: table.optional() }, body)).toBe(reason);
});

test('an integer that no field can hold is refused by its name, however deep it is', () => {
  const reason = `'n': ${2n ** 63n} is not between ${-(2n ** 63n)} and ${2n ** 63n - 1n}`;
  expect(read({ table }, { table: { n: 2n ** 63n } })).toBe(reason);
  expect(read({ table }, { table: { a: [{ n: 2n ** 63n }] } })).toBe(reason);
});

test('an integer of any size is one, a float is none', () => {
  expect(read({ a: longInteger, b: longInteger, c: longInteger }, { a: 2n ** 63n, b: ' -7 ', c: 5 })).toEqual({
    ...{ a: 2n ** 63n, b: -7, c: 5 },
  });
  for (const value of [jsonFloat(5), 1.5, '5.0', true, null, '9'.repeat(41)])
    expect(read({ longInteger }, { longInteger: value })).toBe('{not_integer,longInteger}');
  expect(read({ integer }, { integer: jsonFloat(5) })).toBe('{not_integer,integer}');
});

test('all that is missing is named, before what is wrong', () => {
  expect(read({ a: text, b: flag, c: requiredText }, { b: 'yes' })).toBe('[{key_missing,a},{key_missing,c}]');
  const long = Object.fromEntries(['first', 'second', 'third', 'fourth', 'fifth'].map((name) => [name, text]));
  expect(read(long, {})).toBe(
    '[{key_missing,first},\n {key_missing,second},\n {key_missing,third},\n {key_missing,fourth},\n {key_missing,fifth}]',
  );
});
