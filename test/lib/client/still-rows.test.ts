import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newestRows, presentRows, type StillRows, stillRows } from '../../../components/ui/still-rows.ts';

interface Row {
  key: string;
  value: number;
}

const keyOf = ({ key }: Row) => key;
const rowsOf = (keys: string, value = 0): Row[] => [...keys].map((key) => ({ key, value }));
const keysOf = ({ rows }: StillRows<Row>): string => rows.map(keyOf).join('');
const stillAfter = (from: string, ...lists: string[]): StillRows<Row> =>
  lists.reduce((shown, keys) => stillRows(shown, 'q', rowsOf(keys), keyOf), newestRows('q', rowsOf(from)));

describe('while somebody is in the list', () => {
  test.each([
    // from, then the list as it becomes, shown, gone, new, reordered
    ['abc', 'cab', 'abc', '', 0, true],
    ['abc', 'bcd', 'abc', 'a', 1, false],
    ['abc', 'def', 'abc', 'abc', 3, false],
    ['abc', '', 'abc', 'abc', 0, false],
    ['abc', 'abcd', 'abcd', '', 1, false],
    ['abc', 'dabc', 'abcd', '', 1, false],
    ['', 'ab', 'ab', '', 2, false],
    ['a', 'bcd', 'abc', 'a', 3, false],
    ['abc', 'abc', 'abc', '', 0, false],
  ])('%j that becomes %j is shown as %j', (from, now, shown, gone, newCount, isReordered) => {
    const after = stillAfter(from, now);
    expect(keysOf(after)).toBe(shown);
    expect([...after.gone].join('')).toBe(gone);
    expect(after).toMatchObject({ newCount, isReordered });
  });

  test('values are those of now, and those of last where a row has gone', () => {
    const { rows } = stillRows(newestRows('q', rowsOf('ab', 1)), 'q', rowsOf('b', 2), keyOf);
    expect(rows).toEqual([
      { key: 'a', value: 1 },
      { key: 'b', value: 2 },
    ]);
  });

  test('a row that comes back is not gone any more, and no new one', () => {
    expect(stillAfter('abc', 'bc', 'abc')).toMatchObject({ gone: new Set(), newCount: 0 });
  });

  test('a list that was in another order for a moment stays marked, so that the note does not flicker', () => {
    expect(stillAfter('ab', 'ba', 'ab').isReordered).toBe(true);
  });

  test('a full queue whose messages are all pushed out is still shown with as many rows', () => {
    const page = (from: number) =>
      Array.from({ length: 50 }, (_, i) => ({ key: String(from + i), value: 0 }) satisfies Row);
    let shown = newestRows('q', page(0));
    for (let from = 0; from <= 500; from += 25) shown = stillRows(shown, 'q', page(from), keyOf);
    expect(shown.rows).toEqual(page(0));
    expect(shown.gone.size).toBe(50);
    expect(shown.newCount).toBe(50);
    expect(presentRows(shown, keyOf)).toEqual([]);
  });
});

test('another question is answered at once, and what is not settled is not held', () => {
  const before = newestRows('name', rowsOf('abc'));
  expect(keysOf(stillRows(before, 'size', rowsOf('cd'), keyOf))).toBe('cd');
  const unsettled = stillRows(before, null, rowsOf('cd'), keyOf);
  expect(keysOf(unsettled)).toBe('cd');
  expect(keysOf(stillRows(unsettled, null, rowsOf('ef'), keyOf))).toBe('ef');
  expect(keysOf(stillRows(unsettled, 'size', rowsOf('ef'), keyOf))).toBe('ef');
});

test('whatever happens to a list: rows keep their places, never fewer are shown than there are, and leaving shows it as it is', () => {
  const list = fc.shuffledSubarray([...'abcdefghij']).map((keys) => keys.join(''));
  const step = fc.record({ keys: list, isIn: fc.boolean(), question: fc.constantFrom('q', 'q', 'q', 'r', null) });
  let present = 0;
  let still = 0;
  void fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      let shown = newestRows<Row>(null, []);
      for (const [value, { keys, isIn, question }] of steps.entries()) {
        const before = shown;
        const newest = rowsOf(keys, value);
        shown = isIn ? stillRows(before, question, newest, keyOf) : newestRows(question, newest);
        const isStill = isIn && question !== null && question === before.question;
        if (!isStill) expect(shown.rows).toEqual(newest);
        else expect(keysOf(shown).startsWith(keysOf(before))).toBe(true);
        expect(shown.rows.length).toBeGreaterThanOrEqual(newest.length);
        expect(new Set(shown.rows.map(keyOf)).size).toBe(shown.rows.length);
        // What is told adds up: of what stood here first, all but the gone are in the list; the rest of it is new.
        const first = keysOf(shown).slice(0, shown.stillCount);
        expect(shown.newCount).toBe([...keys].filter((key) => !first.includes(key)).length);
        expect([...shown.gone].sort()).toEqual([...keysOf(shown)].filter((key) => !keys.includes(key)).sort());
        // Rows that are in the list have its values.
        for (const row of presentRows(shown, keyOf)) {
          expect(row.value).toBe(value);
          present++;
        }
        if (!isStill) continue;
        expect(stillRows(shown, question, newest, keyOf)).toEqual(shown);
        still++;
      }
    }),
    { numRuns: 500 },
  );
  expect(present).toBeGreaterThan(0);
  expect(still).toBeGreaterThan(0);
});
