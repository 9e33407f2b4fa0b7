/** Rows that a ring has room for at first: most things are young, or idle. */
const FIRST_ROWS = 32;

/**
 * The last `capacity` rows of `width` numbers, each with its time. Room grows with the rows up to that; then old rows
 * are overwritten in place and nothing is allocated.
 */
export class Ring {
  readonly capacity: number;
  readonly width: number;
  private times: Float64Array;
  private values: Float32Array;
  private next = 0;
  private count = 0;

  constructor(capacity: number, width: number) {
    this.capacity = capacity;
    this.width = width;
    const rows = Math.min(FIRST_ROWS, capacity);
    this.times = new Float64Array(rows);
    this.values = new Float32Array(rows * width);
  }

  get length(): number {
    return this.count;
  }

  push(atMs: number, row: ArrayLike<number>): void {
    if (this.count === this.times.length && this.count < this.capacity) this.grow();
    this.times[this.next] = atMs;
    this.values.set(row, this.next * this.width);
    this.next = (this.next + 1) % this.capacity;
    if (this.count < this.capacity) this.count++;
  }

  /** Calls back with each row newer than `afterMs`, oldest first; `row` is only valid during the call. */
  each(afterMs: number, onRow: (atMs: number, row: Float32Array) => void): void {
    const oldest = (this.next - this.count + this.capacity) % this.capacity;
    for (let i = 0; i < this.count; i++) {
      const slot = (oldest + i) % this.capacity;
      const atMs = this.times[slot] as number;
      if (atMs > afterMs) onRow(atMs, this.values.subarray(slot * this.width, (slot + 1) * this.width));
    }
  }

  /** Before the first row is overwritten, rows stand in order from the start. */
  private grow(): void {
    const { times, values } = this;
    const rows = Math.min(this.capacity, 2 * times.length);
    this.times = new Float64Array(rows);
    this.times.set(times);
    this.values = new Float32Array(rows * this.width);
    this.values.set(values);
  }
}
