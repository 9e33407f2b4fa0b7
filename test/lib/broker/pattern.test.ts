import { describe, expect, test } from 'vitest';
import { InvalidSetting } from '@/lib/broker/invalid-setting.ts';
import { compilePattern, escapePattern } from '@/lib/broker/pattern.ts';

test.for<[pattern: string, matches: string[], others: string[]]>([
  ['orders', ['orders', 'my orders'], ['Orders']],
  ['\\Aq\\.[0-9]+\\z', ['q.1', 'q.23'], ['q.', 'xq.1', 'q.1x']],
  ['(?i)^orders', ['ORDERS.eu'], ['my orders']],
  ['(?is)a.b', ['A\nB'], ['ab']],
  ['^[[:alpha:]_]+[[:digit:]]$', ['q_1'], ['1q', 'q', 'q:1']],
  ['^[^[:space:][:punct:]]+$', ['ab1'], ['a b', 'a.b', 'a]b', 'a/b']],
  ['^(?P<region>eu|us)\\.', ['eu.x'], ['asia.x']],
  ['my\\-queue\\_1', ['my-queue_1'], ['myqueue1']],
  ['^[]a]+$', ['a]'], ['b']],
  ['^\\++$', ['++'], ['a']],
  ['^[+]+$', ['++'], ['a']],
  ['^a\\[:alpha:\\]', ['a[:alpha:]'], ['ab']],
])('%s is read as PCRE reads it', ([pattern, matches, others]) => {
  const compiled = compilePattern(pattern);
  expect([...matches, ...others].filter((name) => compiled.test(name))).toEqual(matches);
});

describe('what JavaScript would read otherwise is refused', () => {
  test.for(['(?>a+)b', 'a++', 'x(?i)y', '[[:^alpha:]]', '[[:nothing:]]', '(?P=name)', '('])('%s', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(InvalidSetting);
  });
});

test('an escaped text matches itself alone', () => {
  const text = 'a.b*c(d)[e]{f}|g^$\\+?';
  expect(compilePattern(`^${escapePattern(text)}$`).test(text)).toBe(true);
  expect(compilePattern(`^${escapePattern('a.b')}$`).test('axb')).toBe(false);
});
