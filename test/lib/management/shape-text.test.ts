import { expect, test } from 'vitest';
import { shapeText } from '../../../lib/management/shape-text.ts';

const string = { type: 'string' };

test.each([
  [string, 'string'],
  [{ type: 'string', format: 'date-time' }, 'time'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ enum: ['classic', 1] }, '"classic" | 1'],
  [{ const: 'ok' }, '"ok"'],
  [{}, 'any'],
  [{ type: 'array' }, 'any[]'],
  [{ type: 'array', items: { anyOf: [string, { type: 'null' }] } }, '(string | null)[]'],
  [{ $ref: '#/components/schemas/Queue' }, 'Queue'],
  [{ allOf: [{ $ref: '#/components/schemas/Queue' }, string] }, 'Queue & string'],
  [{ oneOf: [string, string, { type: 'null' }] }, 'string | null'],
  [{ type: 'object', additionalProperties: {} }, 'object'],
  [{ type: 'object', additionalProperties: string }, '{ [name]: string }'],
])('%j is %s', (schema, text) => {
  expect(shapeText(schema)).toBe(text);
});

test('an object has its properties side by side while they fit a line, then one a line; what may be absent has a ?', () => {
  const small = { type: 'object', properties: { a: string, b: string }, required: ['a'] };
  expect(shapeText(small)).toBe('{ a: string, b?: string }');
  const names = ['the_first_long_name', 'the_second_long_name', 'the_third_long_name'];
  const inner = {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, string])),
    required: names,
  };
  expect(shapeText({ type: 'array', items: inner })).toBe(
    `{\n${names.map((name) => `  ${name}: string`).join('\n')}\n}[]`,
  );
  expect(shapeText({ type: 'object', properties: { inner } }).split('\n')).toEqual([
    '{',
    '  inner?: {',
    ...names.map((name) => `    ${name}: string`),
    '  }',
    '}',
  ]);
});
