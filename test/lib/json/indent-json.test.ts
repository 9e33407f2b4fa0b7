import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indentJson } from '../../../lib/json/indent-json.ts';
import { JsonError } from '../../../lib/json/scan-json.ts';
import { writeJson } from '../../../lib/json/write-json.ts';
import { anyJson } from './any-json.ts';

/** A text without the white space between its tokens. */
function bare(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, '$1');
}

/** A JSON text with white space, numbers, escapes and equal names that no writer of JSON would write. */
const space = fc.constantFrom('', ' ', '\n', '\t\r\n  ');
const token = fc.constantFrom(
  '1.10',
  '-0',
  '-0.0',
  '1E+5',
  '1234567890123456789',
  '1e400',
  'true',
  'null',
  '"\\u00e9 \\" {"',
);
const { text } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    token,
    anyJson.map(writeJson),
    fc
      .array(fc.tuple(space, tie('text'), space), { maxLength: 4 })
      .map((entries) => `[${entries.map((parts) => parts.join('')).join(',')}]`),
    fc
      .array(fc.tuple(space, fc.constantFrom('"a"', '"b"', '""'), space, tie('text'), space), { maxLength: 4 })
      .map((entries) => `{${entries.map(([a, name, b, value, c]) => `${a}${name}${b}:${value}${c}`).join(',')}}`),
  ),
}));

test('indenting changes white space outside of strings only', () => {
  fc.assert(
    fc.property(text, (json) => {
      const indented = indentJson(json);
      expect(bare(indented)).toBe(bare(json));
      expect(indentJson(indented)).toBe(indented);
      expect(JSON.parse(indented)).toEqual(JSON.parse(json));
    }),
    { numRuns: 1000 },
  );
});

test('numbers and equal names stay as they were written', () => {
  expect(indentJson('{"id":1234567890123456789,"price":1.10,"id":[],"e":{ }}')).toBe(
    '{\n  "id": 1234567890123456789,\n  "price": 1.10,\n  "id": [],\n  "e": {}\n}',
  );
});

test('it looks as JSON.stringify makes it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes('-0'));
      expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

test('a body of 1 MiB is indented, and no nesting makes more than a bounded text of it', () => {
  const flat = `[${'1,'.repeat(524_000)}1]`;
  expect(bare(indentJson(flat))).toBe(flat);
  for (const part of ['[', '{"a":', '[[],']) {
    expect(() => indentJson(part.repeat(1_048_576 / part.length))).toThrow(JsonError);
  }
  const levels = 300_000;
  expect(() => indentJson('['.repeat(levels) + ']'.repeat(levels))).toThrow('too deeply nested to be indented');
});
