import { describe, expect, test } from 'vitest';
import { buildFields, newFieldDraft } from '../../../lib/client/field-drafts.ts';
import { fieldLines, fieldText, parseField, type TypedField, tableText } from '../../../lib/client/fields.ts';

describe('what a person writes', () => {
  test('becomes a field of the chosen type', () => {
    expect(parseField('string', ' a ')).toEqual({ field: { type: 'S', value: ' a ' } });
    expect(parseField('integer', ' -9223372036854775808 ')).toEqual({
      field: { type: 'l', value: '-9223372036854775808' },
    });
    expect(parseField('number', '2.5')).toEqual({ field: { type: 'd', value: 2.5 } });
    expect(parseField('boolean', 'false')).toEqual({ field: { type: 't', value: false } });
    expect(parseField('timestamp', '1700000000')).toEqual({ field: { type: 'T', value: '1700000000' } });
    expect(parseField('bytes', 'aGk=')).toEqual({ field: { type: 'x', value: 'aGk=' } });
    expect(parseField('void', '')).toEqual({ field: { type: 'V', value: null } });
  });

  test('nests as JSON does', () => {
    expect(parseField('json', '{"a":[1,2.5,"x",null,true]}')).toEqual({
      field: {
        type: 'F',
        value: [
          {
            name: 'a',
            field: {
              type: 'A',
              value: [
                { type: 'l', value: '1' },
                { type: 'd', value: 2.5 },
                { type: 'S', value: 'x' },
                { type: 'V', value: null },
                { type: 't', value: true },
              ],
            },
          },
        ],
      },
    });
  });

  test.each([
    ['integer', '1.5'],
    ['integer', '9223372036854775808'],
    ['number', ''],
    ['number', 'Infinity'],
    ['boolean', 'yes'],
    ['timestamp', 'today'],
    ['bytes', 'a'],
    ['json', '7'],
    ['json', '{'],
  ] as const)('is refused with a reason: %s %j', (kind, text) => {
    expect(parseField(kind, text)).toHaveProperty('problem');
  });
});

test('a draft not begun is left out; one without a name is told', () => {
  const drafts = [newFieldDraft(), newFieldDraft('a', 'string', '1'), newFieldDraft('', 'string', '2')];
  const built = buildFields(drafts);
  expect(built.table).toHaveLength(1);
  expect(Object.keys(built.problems)).toEqual([String(drafts[2]?.id)]);
});

test('fields read as one line', () => {
  expect(fieldText({ type: 'D', value: { scale: 2, unscaled: 1999 } })).toBe('19.99');
  expect(fieldText({ type: 'T', value: '1700000000' })).toBe('1700000000 (2023-11-14T22:13:20Z)');
  expect(fieldText({ type: 'T', value: '99999999999999999' })).toBe('99999999999999999');
  expect(fieldText({ type: 'A', value: [{ type: 't', value: true }] })).toBe('[true]');
});

test.each<[TypedField, string]>([
  [{ type: 'l', value: '9007199254740993' }, '9007199254740993'],
  [{ type: 'd', value: 5 }, '5.0'],
  [{ type: 'd', value: '-0' }, '-0.0'],
  [{ type: 'f', value: 'NaN' }, 'NaN'],
  [{ type: 'D', value: { scale: 1, unscaled: 50 } }, '5.0'],
  [{ type: 'D', value: { scale: 3, unscaled: 5 } }, '0.005'],
  [{ type: 'D', value: { scale: 0, unscaled: 4_294_967_295 } }, '4294967295'],
])('%j reads as it is, also in a list: %s', (field, text) => {
  expect(fieldText(field)).toBe(text);
  expect(fieldText({ type: 'A', value: [field, field] })).toBe(`[${text},${text}]`);
});

test('of a table nothing is left out, equal names either', () => {
  const table = [
    { name: 'a', field: { type: 'l' as const, value: '9007199254740993' } },
    { name: 'a', field: { type: 'S' as const, value: '"' } },
    { name: 'l', field: { type: 'A' as const, value: [{ type: 'V' as const, value: null }] } },
    { name: 'e', field: { type: 'F' as const, value: [] } },
  ];
  expect(tableText(table)).toBe('{"a":9007199254740993,"a":"\\"","l":[null],"e":{}}');
  expect(fieldLines({ type: 'F', value: table })).toBe(
    '{\n "a": 9007199254740993,\n "a": "\\"",\n "l": [\n  null\n ],\n "e": {}\n}',
  );
});
