/** The last `capacity` rows of `width` numbers, each with its time. Old rows are overwritten in place: nothing is allocated per row. */
export class Ring {
  readonly capacity: number;
  readonly width: number;
  private readonly times: Float64Array;
  private readonly values: Float32Array;
  private next = 0;
  private count = 0;

  constructor(capacity: number, width: number) {
    this.capacity = capacity;
    this.width = width;
    this.times = new Float64Array(capacity);
    this.values = new Float32Array(capacity * width);
  }

  get length(): number {
    return this.count;
  }

  push(atMs: number, row: ArrayLike<number>): void {
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
}
