/**
 * The first `count` of `places` in the order of `compare`, which is below 0 where the first of two comes first. The
 * others are compared with the last of these, and not with each other.
 */
export function firstOf(places: Iterable<number>, count: number, compare: (a: number, b: number) => number): number[] {
  // A heap with the last of the first ones at its root.
  const heap: number[] = [];
  for (const place of places) {
    if (heap.length < count) rise(heap, place, compare);
    else if (count > 0 && compare(place, heap[0] as number) < 0) sink(heap, place, compare);
  }
  return heap.sort(compare);
}

function rise(heap: number[], place: number, compare: (a: number, b: number) => number): void {
  let at = heap.push(place) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (compare(heap[parent] as number, place) >= 0) break;
    heap[at] = heap[parent] as number;
    at = parent;
  }
  heap[at] = place;
}

/** Puts it where the root was. */
function sink(heap: number[], place: number, compare: (a: number, b: number) => number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compare(heap[child + 1] as number, heap[child] as number) > 0) child++;
    if (compare(heap[child] as number, place) <= 0) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = place;
}
