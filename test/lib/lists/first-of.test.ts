import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstOf } from '../../../lib/lists/first-of.ts';

test('the first of many are those that a sort would put first, in its order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(30), (values, count) => {
      const compare = (a: number, b: number) => (values[a] as number) - (values[b] as number) || a - b;
      const indexes = values.map((_, index) => index);
      expect(firstOf(indexes, count, compare)).toEqual(indexes.toSorted(compare).slice(0, count));
    }),
  );
});

test('what is not among the first is compared about once', () => {
  let compared = 0;
  const indexes = Array.from({ length: 10_000 }, (_, i) => i);
  firstOf(indexes, 50, (a, b) => {
    compared++;
    return a - b;
  });
  expect(compared).toBeLessThan(12_000);
});
