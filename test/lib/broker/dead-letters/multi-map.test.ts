import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MultiMap } from '../../../../lib/broker/dead-letters/multi-map.ts';

test('holds what a map of sets would hold', () => {
  const values = [{}, {}, {}];
  const step = fc.tuple(fc.boolean(), fc.constantFrom('a', 'b'), fc.nat(2));
  fc.assert(
    fc.property(fc.array(step), (sequence) => {
      const map = new MultiMap<string, object>();
      const model: Record<string, Set<object>> = { a: new Set(), b: new Set() };
      for (const [isAdded, key, index] of sequence) {
        const value = values[index] as object;
        if (isAdded) {
          map.add(key, value);
          model[key]?.add(value);
        } else {
          map.delete(key, value);
          model[key]?.delete(value);
        }
      }
      for (const [key, values] of Object.entries(model)) {
        expect([...map.of(key)]).toEqual([...values]);
        expect([map.count(key), map.has(key)]).toEqual([values.size, values.size > 0]);
      }
    }),
  );
});
