import { expect, test } from 'vitest';
import { jsonTable, tableOfJson } from '../../../lib/engine/json-table.ts';

test('JSON becomes a table with the types that RabbitMQ gives, and comes back the same', () => {
  const object = { n: 1, f: 1.5, s: 'ä', b: true, v: null, a: [1, 'x'], t: { big: 9_007_199_254_740_991 } };
  const table = tableOfJson(object);
  expect(table).toEqual([
    { name: 'n', field: { type: 'l', value: '1' } },
    { name: 'f', field: { type: 'd', value: 1.5 } },
    { name: 's', field: { type: 'S', value: 'ä' } },
    { name: 'b', field: { type: 't', value: true } },
    { name: 'v', field: { type: 'V', value: null } },
    {
      name: 'a',
      field: {
        type: 'A',
        value: [
          { type: 'l', value: '1' },
          { type: 'S', value: 'x' },
        ],
      },
    },
    { name: 't', field: { type: 'F', value: [{ name: 'big', field: { type: 'l', value: '9007199254740991' } }] } },
  ]);
  expect(jsonTable(table)).toEqual(object);
});

test('what a number cannot hold stays exact, decimals become numbers, and the first of duplicates counts', () => {
  expect(
    jsonTable([
      { name: 'l', field: { type: 'l', value: '9223372036854775807' } },
      { name: 'd', field: { type: 'D', value: { scale: 2, unscaled: 314 } } },
      { name: 'x', field: { type: 'x', value: '//4=' } },
      { name: 'd', field: { type: 'S', value: 'second' } },
    ]),
  ).toEqual({ l: '9223372036854775807', d: 3.14, x: '//4=' });
});
