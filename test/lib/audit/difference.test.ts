import { expect, test } from 'vitest';
import { differenceOf } from '../../../lib/audit/difference.ts';
import { readJson } from '../../../lib/json/read-json.ts';

test('what was made or removed is kept whole', () => {
  expect(differenceOf(undefined, { durable: true })).toEqual({ before: null, after: '{"durable":true}' });
  expect(differenceOf({ durable: true }, undefined)).toEqual({ before: '{"durable":true}', after: null });
});

test('of what changed only the difference is kept', () => {
  const before = { pattern: '^a', priority: 1, definition: { 'max-length': 1 } };
  expect(differenceOf(before, { ...before, definition: { 'max-length': 2 } })).toEqual({
    before: '{"definition":{"max-length":1}}',
    after: '{"definition":{"max-length":2}}',
  });
  expect(differenceOf(before, before)).toEqual({ before: null, after: null });
});

test('secrets are left out, and what has no value', () => {
  const user = {
    name: 'ada',
    password_hash: 'x',
    hashing_algorithm: 'y',
    policy: undefined,
    tags: [],
  };
  expect(differenceOf(undefined, user)).toEqual({ before: null, after: '{"name":"ada","tags":[]}' });
});

test('what is very long is kept by its beginning, and is still JSON', () => {
  const { after } = differenceOf(undefined, { description: '"'.repeat(100_000) });
  expect(after?.length).toBeLessThan(20_000);
  expect(JSON.parse(after ?? '')).toHaveProperty('begins with');
});

test('what is no object has no facts', () => {
  expect(differenceOf('a', null)).toEqual({ before: null, after: null });
});

test('every number is kept as the number that it is', () => {
  const numbers = '{"float":5.0,"zero":-0.0,"half":0.5,"integer":5,"large":18446744073709551615,"list":[1.0]}';
  expect(differenceOf(undefined, readJson(numbers)).after).toBe(numbers);
  expect(differenceOf(readJson('{"n":5}'), readJson('{"n":5.0}'))).toEqual({ before: '{"n":5}', after: '{"n":5.0}' });
});
