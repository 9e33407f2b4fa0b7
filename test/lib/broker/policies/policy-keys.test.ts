import { describe, expect, test } from 'vitest';
import { definitionError, isApplicable, mergeDefinitions } from '../../../../lib/broker/policies/policy-keys.ts';
import type { JsonValue } from '../../../../lib/broker/ports.ts';
import { jsonFloat } from '../../../../lib/json/json-value.ts';

type Definition = Record<string, JsonValue>;

// Texts as RabbitMQ 3.10.8 answered them, those of keys that it has not yet excepted.
test.each<[Definition, string]>([
  [{}, 'no policy provided'],
  [{ 'message-ttl': 'x' }, '<<"x">> is not a valid message TTL'],
  [{ 'message-ttl': -1 }, '-1 is not a valid message TTL'],
  [{ expires: 0 }, '0 is not a valid queue expiry'],
  [{ 'max-length': -1 }, '-1 is not a valid maximum length'],
  [{ 'max-length': 1.5 }, '1.5 is not a valid maximum length'],
  [{ 'max-length': true }, 'true is not a valid maximum length'],
  [{ 'max-length': null }, 'null is not a valid maximum length'],
  [{ 'max-length': [1, { a: 'b' }] }, '[1,#{<<"a">> => <<"b">>}] is not a valid maximum length'],
  [{ 'max-length-bytes': -1 }, '-1 is not a valid maximum length in bytes'],
  [{ 'max-in-memory-length': -1 }, '-1 is not a valid maximum memory in bytes'],
  [{ 'max-in-memory-bytes': -1 }, '-1 is not a valid maximum memory in bytes'],
  [{ overflow: 'x' }, '<<"x">> is not a valid overflow value'],
  [{ 'queue-mode': 'x' }, '<<"x">> is not a valid queue-mode value'],
  [{ 'queue-version': 7 }, '7 is not a valid queue-version value'],
  [{ 'dead-letter-exchange': 1 }, '1 is not a valid dead letter exchange name'],
  [{ 'dead-letter-routing-key': 1 }, '1 is not a valid dead letter routing key'],
  [{ 'dead-letter-strategy': 'x' }, '<<"x">> is not a valid dead letter strategy'],
  [{ 'alternate-exchange': 1 }, '1 is not a valid alternate exchange name'],
  [{ 'delivery-limit': -2 }, '-2 is not a valid delivery limit'],
  [{ 'max-age': '5' }, '<<"5">> is not a valid max age'],
  [{ 'stream-max-segment-size-bytes': -1 }, '-1 is not a valid segment size'],
  [{ 'initial-cluster-size': -1 }, '-1 is not a valid cluster size'],
  [{ 'queue-leader-locator': 'x' }, '<<"x">> is not a valid queue leader locator value'],
  [{ foo: 1 }, '[{<<"foo">>,1}] are not recognised policy settings'],
  [{ 'ha-mode': 'all' }, '[{<<"ha-mode">>,<<"all">>}] are not recognised policy settings'],
  [
    { foo: 1, bar: { a: [1, 'x'] } },
    '[{<<"bar">>,#{<<"a">> => [1,<<"x">>]}},{<<"foo">>,1}] are not recognised policy settings',
  ],
  [{ toString: 1 }, '[{<<"toString">>,1}] are not recognised policy settings'],
  [{ foo: 'a', 'max-length': -1 }, '-1 is not a valid maximum length'],
  [{ foo: 'é' }, '[{<<"foo">>,<<"é"/utf8>>}] are not recognised policy settings'],
])('%j: %s', (definition, text) => {
  expect(definitionError(definition, false)).toBe(text);
});

test.each<[JsonValue, string]>([
  [jsonFloat(5), '5.0'],
  [jsonFloat(100), '100.0'],
  [jsonFloat(1e22), '1.0e22'],
  [[jsonFloat(5), 5], '[5.0,5]'],
])('a float is no integer, even where it has the value of one: case %$', (value, shown) => {
  expect(definitionError({ 'max-length': value }, false)).toBe(`${shown} is not a valid maximum length`);
});

test('an integer may have any number of digits', () => {
  const definition = { 'max-length': 2n ** 53n + 1n, 'max-length-bytes': 10n ** 30n, 'message-ttl': 2n ** 63n };
  expect(definitionError(definition, true)).toBeNull();
  const operator = { 'max-length': 2n ** 53n, 'max-length-bytes': 5, 'message-ttl': 2n ** 64n };
  expect(mergeDefinitions(definition, operator)).toEqual({
    ...{ 'max-length': 2n ** 53n, 'max-length-bytes': 5, 'message-ttl': 2n ** 63n },
  });
});

test('what is right has no error, and operators may say less', () => {
  const both = { 'message-ttl': 0, expires: 1, 'max-length': 0, 'max-length-bytes': 5, 'delivery-limit': -1 };
  expect(definitionError(both, false)).toBeNull();
  expect(definitionError(both, true)).toBeNull();
  const users = { 'dead-letter-exchange': '', 'max-age': '7D', 'alternate-exchange': 'x' };
  expect(definitionError(users, false)).toBeNull();
  expect(definitionError({ 'dead-letter-exchange': 'x' }, true)).toBe(
    '[{<<"dead-letter-exchange">>,<<"x">>}] are not recognised policy settings',
  );
});

test('a policy with one key that a queue type does not know is not for that type', () => {
  const types = (definition: Definition) =>
    (['classic', 'quorum', 'stream'] as const).filter((type) => isApplicable(definition, type));
  expect(types({ 'max-length-bytes': 1 })).toEqual(['classic', 'quorum', 'stream']);
  expect(types({ 'max-length': 1 })).toEqual(['classic', 'quorum']);
  expect(types({ 'max-age': '1D' })).toEqual(['stream']);
  expect(types({ 'max-length': 1, 'max-age': '1D' })).toEqual([]);
  expect(types({ 'delivery-limit': 1, 'max-length': 1 })).toEqual(['quorum']);
  expect(types({ 'alternate-exchange': 'x', 'queue-mode': 'lazy' })).toEqual(['classic']);
});

describe('an operator', () => {
  test.each<[string, Definition, Definition, Definition]>([
    [
      'numbers: the lower',
      { 'max-length': 5, expires: 10 },
      { 'max-length': 7, expires: 3 },
      { 'max-length': 5, expires: 3 },
    ],
    ['one side only is kept', { 'message-ttl': 1 }, { expires: 2 }, { 'message-ttl': 1, expires: 2 }],
    [
      'overflow: the operator',
      { overflow: 'drop-head' },
      { overflow: 'reject-publish' },
      { overflow: 'reject-publish' },
    ],
    ['queue-version: the operator', { 'queue-version': 1 }, { 'queue-version': 2 }, { 'queue-version': 2 }],
    ['delivery-limit: the lower', { 'delivery-limit': 5 }, { 'delivery-limit': 3 }, { 'delivery-limit': 3 }],
    ['delivery-limit: unless one is none', { 'delivery-limit': -1 }, { 'delivery-limit': 3 }, { 'delivery-limit': 3 }],
    ['group size: the greater', { 'target-group-size': 3 }, { 'target-group-size': 5 }, { 'target-group-size': 5 }],
  ])('%s', (_, user, operator, merged) => {
    expect(mergeDefinitions(user, operator)).toEqual(merged);
  });
});
