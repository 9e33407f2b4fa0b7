import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueHeap } from '../../../../lib/broker/exchanges/due-heap.ts';

function drain(heap: DueHeap): [number, number][] {
  const taken: [number, number][] = [];
  while (heap.size > 0) {
    taken.push([heap.firstDueMs, heap.firstPosition]);
    heap.removeFirst();
  }
  return taken;
}

test('what is due first comes first, and what is due at once in the order of the positions', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 500, size: 'max' }), fc.nat(400), (moments, early) => {
      const heap = new DueHeap();
      let left = moments.map((dueMs, position): [number, number] => [dueMs, position]);
      for (const [dueMs, position] of left) heap.add(dueMs, position);
      left = left.sort(([a, i], [b, j]) => a - b || i - j);
      // Some leave before others come.
      for (let i = 0; i < early && left.length > 0; i++) {
        expect([heap.firstDueMs, heap.firstPosition]).toEqual(left.shift());
        heap.removeFirst();
      }
      heap.add(7, 1000);
      left = [...left, [7, 1000] as [number, number]].sort(([a, i], [b, j]) => a - b || i - j);
      expect(drain(heap)).toEqual(left);
    }),
  );
});

test('a million entries go in and come out in order', () => {
  const heap = new DueHeap();
  for (let i = 0; i < 1_000_000; i++) heap.add((i * 7919) % 1_000_003, i);
  let last = -1;
  for (; heap.size > 0; heap.removeFirst()) {
    if (heap.firstDueMs < last) throw new Error(`${heap.firstDueMs} after ${last}`);
    last = heap.firstDueMs;
  }
});
