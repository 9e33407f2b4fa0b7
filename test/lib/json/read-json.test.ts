import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { floatValue, jsonFloat } from '../../../lib/json/json-value.ts';
import { readJson } from '../../../lib/json/read-json.ts';
import { JsonError } from '../../../lib/json/scan-json.ts';
import { writeJson } from '../../../lib/json/write-json.ts';
import { anyJson } from './any-json.ts';

test('what is written is read as the same, whatever its numbers, after a structured clone too', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(readJson(writeJson(value))).toEqual(value);
      expect(readJson(writeJson(structuredClone(value)))).toEqual(value);
    }),
    { numRuns: 1000 },
  );
});

test('a text is JSON when the browser says so too, and means the same but for its numbers', () => {
  const piece = fc.constantFrom(
    ...['{', '}', '[', ']', ',', ':', '"', '"a"', '"a":', '1', '-', '.5', 'e3', '0', 'true', 'nul', 'null', ' ', '\n'],
    ...['\\', '\\u00', '\\n', '\t', '\ufeff', '\u2028', '//', "'", 'NaN'],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.tuple(fc.json(), fc.nat(), piece).map(([json, at, odd]) => {
      const place = at % (json.length + 1);
      return json.slice(0, place) + odd + json.slice(place);
    }),
  );
  fc.assert(
    fc.property(text, (json) => {
      const outcome = (read: (text: string) => unknown): unknown => {
        try {
          return JSON.stringify(read(json));
        } catch {
          return undefined;
        }
      };
      // JSON.parse takes no byte order mark at the start, and a number that is too large for infinite.
      fc.pre(!json.startsWith('\ufeff') && !/e\+?\d{3}/i.test(json));
      expect(outcome((text) => JSON.parse(writeJson(readJson(text))))).toBe(outcome((text) => JSON.parse(text)));
    }),
    { numRuns: 5000 },
  );
});

describe('a number', () => {
  test.each<[string, unknown]>([
    ['5', 5],
    ['5.0', jsonFloat(5)],
    ['1e2', jsonFloat(100)],
    ['-0', 0],
    ['-0.0', jsonFloat(-0)],
    ['0.1', 0.1],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['18446744073709551615', 18446744073709551615n],
    ['1e39', jsonFloat(1e39)],
    ['5e-324', 5e-324],
  ])('%s is what it says', (text, value) => {
    expect(readJson(text)).toEqual(value);
    expect(typeof readJson(text)).toBe(typeof value);
    expect(readJson(writeJson(readJson(text)))).toEqual(value);
  });

  test('5 and 5.0 are not the same', () => {
    expect(floatValue(readJson('5'))).toBeUndefined();
    expect(floatValue(readJson('5.0'))).toBe(5);
    expect(writeJson(readJson('[5,5.0,5.10,1e2]'))).toBe('[5,5.0,5.1,100.0]');
  });

  test.each(['1e400', '-1e400', '9'.repeat(500), '01', '1.', '.5', '+1', 'NaN', 'Infinity', '0x1', '1_0'])(
    '%s is none',
    (text) => {
      expect(() => readJson(text)).toThrow(JsonError);
    },
  );
});

test('the last of equal names counts', () => {
  expect(readJson('{"a":1,"b":2,"a":3}')).toEqual({ a: 3, b: 2 });
});

test('a name that means something to JavaScript is a name', () => {
  const read = readJson('{"__proto__":{"a":1},"constructor":2}') as object;
  expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
});

test('one byte order mark at the start counts for nothing', () => {
  expect(readJson('\ufeff{"a":1}')).toEqual({ a: 1 });
  expect(() => readJson('\ufeff\ufeff{}')).toThrow(JsonError);
  expect(() => readJson('{}\ufeff')).toThrow(JsonError);
});

test('a text nested without end is refused, and does not overflow the stack', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  expect(writeJson(readJson(nested(400)))).toBe(nested(400));
  expect(() => readJson(nested(401))).toThrow('nested deeper than 400');
  expect(() => readJson('{"a":'.repeat(1_000_000))).toThrow(JsonError);
  expect(Array.isArray(readJson(nested(200_000), Number.POSITIVE_INFINITY))).toBe(true);
});

test.each([
  ['', 'line 1, column 1: the end comes too early'],
  ['{"a":1,\n "b" 2}', 'line 2, column 6: a colon is missing'],
  ['[1,]', 'line 1, column 4: a value is missing'],
  ['{"a":1,}', 'line 1, column 8: a name in double quotes is missing'],
  ['[1 2]', 'line 1, column 4: a comma or the end of the object or list is missing'],
  ['[1}', 'line 1, column 3: a comma or the end of the object or list is missing'],
  ['{} x', 'line 1, column 4: something follows the value'],
  ['["a\nb"]', 'line 1, column 4: a control character stands in a string'],
  ['["a', 'line 1, column 4: a string has no end'],
  ['["\\x41"]', 'line 1, column 4: no such escape in a string'],
])('%j is refused with the place and the reason', (text, reason) => {
  expect(() => readJson(text)).toThrow(reason);
});
