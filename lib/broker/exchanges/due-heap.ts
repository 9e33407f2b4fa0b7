/**
 * Positions by the moment at which they are due; equal moments in the order of the positions. Two numbers an entry,
 * so millions of them fit.
 */
const START_CAPACITY = 64;

export class DueHeap {
  size = 0;
  private due = new Float64Array(START_CAPACITY);
  private positions = new Float64Array(START_CAPACITY);

  add(dueMs: number, position: number): void {
    if (this.size === this.due.length) this.resize(this.size * 2);
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(dueMs, position, parent)) break;
      this.put(at, this.due[parent] as number, this.positions[parent] as number);
      at = parent;
    }
    this.put(at, dueMs, position);
  }

  /** When the first position is due; there must be one. */
  get firstDueMs(): number {
    return this.due[0] as number;
  }

  get firstPosition(): number {
    return this.positions[0] as number;
  }

  /** Takes the first one out; there must be one. */
  removeFirst(): void {
    this.size--;
    const dueMs = this.due[this.size] as number;
    const position = this.positions[this.size] as number;
    let at = 0;
    for (let child = 1; child < this.size; child = 2 * at + 1) {
      const right = child + 1;
      if (right < this.size && this.isBefore(this.due[right] as number, this.positions[right] as number, child)) {
        child = right;
      }
      if (this.isBefore(dueMs, position, child)) break;
      this.put(at, this.due[child] as number, this.positions[child] as number);
      at = child;
    }
    this.put(at, dueMs, position);
    if (this.size >= START_CAPACITY && this.size <= this.due.length / 4) this.resize(this.due.length / 2);
  }

  private isBefore(dueMs: number, position: number, other: number): boolean {
    const otherDue = this.due[other] as number;
    return dueMs < otherDue || (dueMs === otherDue && position < (this.positions[other] as number));
  }

  private put(at: number, dueMs: number, position: number): void {
    this.due[at] = dueMs;
    this.positions[at] = position;
  }

  private resize(capacity: number): void {
    const { due, positions, size } = this;
    this.due = new Float64Array(capacity);
    this.positions = new Float64Array(capacity);
    this.due.set(due.subarray(0, size));
    this.positions.set(positions.subarray(0, size));
  }
}
