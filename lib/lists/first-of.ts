/**
 * The first `count` of `indexes` in the order of `compare`, which is below 0 where the first of two comes first. The
 * others are compared with the last of these, and not with each other.
 */
export function firstOf(indexes: Iterable<number>, count: number, compare: (a: number, b: number) => number): number[] {
  // A heap with the last of the first ones at its root.
  const heap: number[] = [];
  for (const index of indexes) {
    if (heap.length < count) rise(heap, index, compare);
    else if (count > 0 && compare(index, heap[0] as number) < 0) sink(heap, index, compare);
  }
  return heap.sort(compare);
}

function rise(heap: number[], index: number, compare: (a: number, b: number) => number): void {
  let at = heap.push(index) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (compare(heap[parent] as number, index) >= 0) break;
    heap[at] = heap[parent] as number;
    at = parent;
  }
  heap[at] = index;
}

/** Puts `index` where the root was. */
function sink(heap: number[], index: number, compare: (a: number, b: number) => number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compare(heap[child + 1] as number, heap[child] as number) > 0) child++;
    if (compare(heap[child] as number, index) <= 0) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = index;
}
