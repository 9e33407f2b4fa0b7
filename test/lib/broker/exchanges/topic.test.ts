import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Binding } from '../../../../lib/broker/exchanges/binding.ts';
import { TopicType } from '../../../../lib/broker/exchanges/topic.ts';
import { boundTo, routed } from './bound-to.ts';

/** The rule as the specification words it, without any cleverness. */
function matches(pattern: string[], words: string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === '#') return matches(rest, words) || (words.length > 0 && matches(pattern, words.slice(1)));
  if (words.length === 0) return false;
  return (first === '*' || first === words[0]) && matches(rest, words.slice(1));
}

const wordsOf = (key: string): string[] => (key === '' ? [] : key.split('.'));

function isMatch(pattern: string, key: string): boolean {
  const type = new TopicType();
  type.add(boundTo('q', pattern));
  return routed(type, key).length === 1;
}

describe('a topic pattern', () => {
  test.each([
    ['a.b.c', 'a.b.c', true],
    ['a.b.c', 'a.b', false],
    ['a.b', 'a.b.c', false],
    ['a.b.c', 'a.b.C', false],
    ['*', 'a', true],
    ['*', '', false],
    ['*', 'a.b', false],
    ['*.*', 'a.b', true],
    ['a.*.c', 'a.b.c', true],
    ['a.*.c', 'a..c', true],
    ['a.*.c', 'a.c', false],
    ['a.*', 'a.', true],
    ['a.*', 'a', false],
    ['*.a', '.a', true],
    ['#', '', true],
    ['#', 'a', true],
    ['#', 'a.b.c.d', true],
    ['#', '..', true],
    ['a.#', 'a', true],
    ['a.#', 'a.b.c', true],
    ['a.#', 'ab', false],
    ['#.a', 'a', true],
    ['#.a', 'b.c.a', true],
    ['#.a', 'a.b', false],
    ['a.#.b', 'a.b', true],
    ['a.#.b', 'a.x.y.b', true],
    ['a.#.b', 'a.x.b.y', false],
    ['#.#', '', true],
    ['#.*', '', false],
    ['#.*', 'a', true],
    ['*.#', '', false],
    ['*.#', 'a.b.c', true],
    ['#.b.#', 'a.b.c', true],
    ['#.b.#', 'a.c', false],
    ['', '', true],
    ['', 'a', false],
    ['.', '.', true],
    ['a.', 'a.', true],
    ['a.', 'a', false],
    ['a..b', 'a..b', true],
    ['a*', 'ab', false],
    ['a#', 'ab', false],
    ['a#', 'a#', true],
    ['*.stock.#', 'usd.stock.nyse.ibm', true],
  ])("'%s' on '%s': %s", (pattern, key, expected) => {
    expect(isMatch(pattern, key)).toBe(expected);
    expect(matches(wordsOf(pattern), wordsOf(key))).toBe(expected);
  });

  test("a word '#' or '*' in a routing key is matched by a wildcard and is no wildcard itself", () => {
    expect(isMatch('*', '#')).toBe(true);
    expect(isMatch('#', '*')).toBe(true);
    expect(isMatch('a', '*')).toBe(false);
    expect(isMatch('a.b', '#')).toBe(false);
  });

  test('a destination is found once, however many of its bindings match', () => {
    const type = new TopicType();
    const binding = boundTo('q', '#');
    type.add(binding);
    type.add({ ...binding, routingKey: 'a.*' });
    type.add({ ...binding, routingKey: 'a.b' });
    expect(routed(type, 'a.b')).toEqual(['q']);
  });

  test('many # in a pattern do not make a search explode', () => {
    const type = new TopicType();
    const pattern = Array.from({ length: 40 }, () => '#.a').join('.');
    type.add(boundTo('q', pattern));
    const key = `${Array.from({ length: 100 }, () => 'a').join('.')}.b`;
    const start = performance.now();
    expect(routed(type, key)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(500);
  });

  test('any set of bindings, some of them removed again, routes as the plain rule says', () => {
    const word = fc.constantFrom('a', 'b', '', '*', '#');
    const patterns = fc.array(fc.array(word, { maxLength: 5 }), { minLength: 1, maxLength: 12 });
    const keys = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 6 }), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(patterns, keys, fc.infiniteStream(fc.boolean()), (patternList, routingKeys, isRemoved) => {
        const type = new TopicType();
        const bindings = patternList.map((words, index) => boundTo(`q${index}`, words.join('.')));
        for (const binding of bindings) type.add(binding);
        const live: Binding[] = [];
        for (const binding of bindings) {
          if (isRemoved.next().value) type.remove(binding);
          else live.push(binding);
        }
        for (const words of routingKeys) {
          const key = words.join('.');
          const expected = live.filter((binding) => matches(wordsOf(binding.routingKey), wordsOf(key)));
          expect(routed(type, key)).toEqual(expected.map((binding) => binding.destination.name).sort());
        }
      }),
      { numRuns: 500 },
    );
  });

  test('removing a binding that is not there changes nothing', () => {
    const type = new TopicType();
    type.add(boundTo('q', 'a.#'));
    type.remove(boundTo('other', 'a.#'));
    type.remove(boundTo('q', 'x.y.z'));
    expect(routed(type, 'a.b')).toEqual(['q']);
  });

  test('many # in many patterns cost no more than their nodes times the words', () => {
    const type = new TopicType();
    for (let i = 0; i < 50; i++) type.add(boundTo(`q${i}`, `${'#.a.'.repeat(20)}#.b${i}`));
    const before = performance.now();
    for (let i = 0; i < 20; i++) expect(routed(type, `${'a.'.repeat(100)}c`)).toEqual([]);
    // An exponential search would not end.
    expect(performance.now() - before).toBeLessThan(5000);
    expect(routed(type, `${'a.'.repeat(100)}b7`)).toEqual(['q7']);
  });
});
