/** The edges of every number that a field can hold, at every border that it crosses: form, console API, engine, wire. */
import { describe, expect, test } from 'vitest';
import { decodeTable, encodeTable, type Field, type FieldTable } from '../../../lib/amqp/field-table.ts';
import { INTEGER_RANGES, type IntegerType } from '../../../lib/amqp/field-type.ts';
import { parseField } from '../../../lib/client/fields.ts';
import { fieldTable, typedTable } from '../../../lib/engine/embedded/typed-table.ts';
import type { TypedField } from '../../../lib/fields/typed-field.ts';
import { typedTable as consoleTable } from '../../../lib/operations/fields.ts';

const ON_THE_WIRE: Record<IntegerType, [min: bigint, max: bigint]> = {
  b: [-128n, 127n],
  B: [0n, 255n],
  s: [-32_768n, 32_767n],
  u: [0n, 65_535n],
  I: [-2_147_483_648n, 2_147_483_647n],
  i: [0n, 4_294_967_295n],
  l: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
  L: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
  T: [0n, 18_446_744_073_709_551_615n],
};
const WIDE: readonly string[] = ['l', 'L', 'T'];
const TYPES = Object.keys(ON_THE_WIRE) as IntegerType[];
const edgesOf = (type: IntegerType): bigint[] => {
  const [min, max] = ON_THE_WIRE[type];
  return [min, max, min - 1n, max + 1n, 0n, -1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n];
};

function holds(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

/** Through JSON, as a browser sends it. */
function consoleTakes(field: unknown): boolean {
  return consoleTable.safeParse(JSON.parse(JSON.stringify([{ name: 'h', field }]))).success;
}

function overTheWire(table: FieldTable): FieldTable {
  const bytes = encodeTable(table);
  return decodeTable(bytes, 0, bytes.length);
}

describe.each(TYPES)('an integer of type %s', (type) => {
  test.each(edgesOf(type).map(String))('that is %s is taken by all or by none, and is the same behind each', (text) => {
    const value = BigInt(text);
    const [min, max] = ON_THE_WIRE[type];
    const fits = value >= min && value <= max;
    const isWide = WIDE.includes(type);
    const typed = { type, value: isWide ? text : Number(value) } as TypedField;
    const field = { type, value: isWide ? value : Number(value) } as Field;
    expect(holds(() => encodeTable([['h', field]]))).toBe(fits);
    expect(holds(() => fieldTable([{ name: 'h', field: typed }]))).toBe(fits);
    expect(consoleTakes(typed)).toBe(fits);
    expect(value >= INTEGER_RANGES[type].min && value <= INTEGER_RANGES[type].max).toBe(fits);
    if (!fits) return;
    expect(overTheWire([['h', field]])).toEqual([['h', field]]);
    expect(typedTable(overTheWire(fieldTable([{ name: 'h', field: typed }])))).toEqual([{ name: 'h', field: typed }]);
  });

  test.each(['', ' ', '5.0', '1e3', 'NaN', '0x1', '٣', '9'.repeat(40)])('is not %j', (text) => {
    expect(consoleTakes({ type, value: text })).toBe(false);
    expect(holds(() => fieldTable([{ name: 'h', field: { type, value: text } as TypedField }]))).toBe(false);
  });

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21])('is not the number %d', (value) => {
    expect(consoleTakes({ type, value })).toBe(false);
    expect(holds(() => fieldTable([{ name: 'h', field: { type, value } as TypedField }]))).toBe(false);
  });
});

const FLOAT_MAX = 3.4028234663852886e38;
const FLOATS: [value: number, typed: number | string][] = [
  ...[0, 0.1, 5, -5, FLOAT_MAX, 1e39, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53 + 2].map(
    (value): [number, number] => [value, value],
  ),
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
];

describe.each(['f', 'd'] as const)('a float of type %s', (type) => {
  test.each(FLOATS)('that is %d is taken by all or by none, and is the same behind each', (value, typed) => {
    const fits = type === 'd' || !Number.isFinite(value) || Math.abs(value) <= FLOAT_MAX;
    const kept = type === 'f' ? Math.fround(value) : value;
    const field = { type, value: typed } as TypedField;
    expect(holds(() => encodeTable([['h', { type, value }]]))).toBe(fits);
    expect(holds(() => fieldTable([{ name: 'h', field }]))).toBe(fits);
    expect(consoleTakes(field)).toBe(fits);
    if (!fits) return;
    expect(overTheWire([['h', { type, value }]])).toEqual([['h', { type, value: kept }]]);
    const shown = typedTable(overTheWire(fieldTable([{ name: 'h', field }])));
    expect(shown).toEqual([{ name: 'h', field: { type, value: typeof typed === 'string' ? typed : kept } }]);
    expect(fieldTable(JSON.parse(JSON.stringify(shown)))).toEqual([['h', { type, value: kept }]]);
  });

  test.each(['', 'nan', 'inf', '5', null, true])('is not %j', (value) => {
    expect(consoleTakes({ type, value })).toBe(false);
  });
});

test.each<[scale: number, unscaled: number, fits: boolean]>([
  [0, 0, true],
  [255, 4_294_967_295, true],
  [256, 1, false],
  [-1, 1, false],
  [0, 4_294_967_296, false],
  [0, -1, false],
  [0.5, 1, false],
])('a decimal of scale %d and %d is taken by all or by none', (scale, unscaled, fits) => {
  const typed: TypedField = { type: 'D', value: { scale, unscaled } };
  expect(holds(() => fieldTable([{ name: 'h', field: typed }]))).toBe(fits);
  expect(consoleTakes(typed)).toBe(fits);
  if (fits) expect(typedTable(overTheWire(fieldTable([{ name: 'h', field: typed }])))[0]?.field).toEqual(typed);
});

describe('a form', () => {
  test.each<['integer' | 'timestamp', IntegerType]>([
    ['integer', 'l'],
    ['timestamp', 'T'],
  ])('takes as %s what the type %s holds, and every digit of it', (kind, type) => {
    for (const value of edgesOf(type)) {
      const [min, max] = ON_THE_WIRE[type];
      const parsed = parseField(kind, ` ${value} `);
      if (value >= min && value <= max) expect(parsed).toEqual({ field: { type, value: String(value) } });
      else expect(parsed).toHaveProperty('problem');
    }
  });

  test.each<[string, number | string]>([
    ['5.0', 5],
    ['5', 5],
    ['-0', '-0'],
    ['0.1', 0.1],
    ['1e39', 1e39],
    ['1.7976931348623157e308', Number.MAX_VALUE],
  ])('takes %s as a double', (text, value) => {
    expect(parseField('number', text)).toEqual({ field: { type: 'd', value } });
  });

  test.each(['1e400', '-1e400', 'NaN', 'Infinity', '', '0x10', '1,5'])('takes %j as no double', (text) => {
    expect(parseField('number', text)).toHaveProperty('problem');
  });

  test('takes the numbers in a table for what they say', () => {
    expect(parseField('json', '[9007199254740993, 5, 5.0, 1e39]')).toEqual({
      field: {
        type: 'A',
        value: [
          { type: 'l', value: '9007199254740993' },
          { type: 'l', value: '5' },
          { type: 'd', value: 5 },
          { type: 'd', value: 1e39 },
        ],
      },
    });
    expect(parseField('json', '[9223372036854775808]')).toHaveProperty('problem');
    expect(parseField('json', '{"a":1e400}')).toHaveProperty('problem');
  });
});
