import { expect, test } from 'vitest';
import { changeOf } from '../../../lib/audit/change.ts';

test('what was made or removed is kept whole', () => {
  expect(changeOf(undefined, { durable: true })).toEqual({ before: null, after: '{"durable":true}' });
  expect(changeOf({ durable: true }, undefined)).toEqual({ before: '{"durable":true}', after: null });
});

test('of what changed only the difference is kept', () => {
  const before = { pattern: '^a', priority: 1, definition: { 'max-length': 1 } };
  expect(changeOf(before, { ...before, definition: { 'max-length': 2 } })).toEqual({
    before: '{"definition":{"max-length":1}}',
    after: '{"definition":{"max-length":2}}',
  });
  expect(changeOf(before, before)).toEqual({ before: null, after: null });
});

test('secrets are left out, and what has no value', () => {
  const user = {
    name: 'ada',
    password_hash: 'x',
    hashing_algorithm: 'y',
    policy: undefined,
    tags: [],
  };
  expect(changeOf(undefined, user)).toEqual({ before: null, after: '{"name":"ada","tags":[]}' });
});

test('what is very long is kept by its beginning, and is still JSON', () => {
  const { after } = changeOf(undefined, { description: '"'.repeat(100_000) });
  expect(after?.length).toBeLessThan(20_000);
  expect(JSON.parse(after ?? '')).toHaveProperty('begins with');
});

test('what is no object has no facts', () => {
  expect(changeOf('a', null)).toEqual({ before: null, after: null });
});
