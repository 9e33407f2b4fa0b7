import type { CounterTable } from '../engine/sample.ts';

/** One table of a sample by key. While the objects are the same from sample to sample, they share the index. */
export class Rows {
  readonly keys: readonly string[];
  private readonly values: Float64Array;
  private readonly width: number;
  private readonly counted: number;
  private readonly index: ReadonlyMap<string, number>;
  /** Since when each row is what it is, as far back as it was seen. */
  private readonly sinceMs: Float64Array;
  /** The row of each object in the table before, -1 where it has none; null: the rows are the same. */
  private readonly rowsBefore: Int32Array | null = null;

  /**
   * `width`: columns of the table; `counted`: how many of them, from the first, tell that something happens. `before`:
   * the same table of the sample before.
   */
  constructor(table: CounterTable, width: number, before: Rows | undefined, atMs: number, counted = width) {
    this.keys = table.keys;
    this.values = table.values;
    this.width = width;
    this.counted = counted;
    this.index =
      before !== undefined && before.keys === table.keys
        ? before.index
        : new Map(table.keys.map((key, row) => [key, row]));
    this.sinceMs = new Float64Array(table.keys.length).fill(atMs);
    if (before === undefined) return;
    if (before.keys !== table.keys) this.rowsBefore = Int32Array.from(table.keys, (key) => before.row(key));
    for (let row = 0; row < table.keys.length; row++) {
      const then = this.rowBefore(row);
      // A clock may have been set back.
      if (this.isAs(row, before, then)) this.sinceMs[row] = Math.min(before.since(then), atMs);
    }
  }

  /** Since when the row is what it is: when it was first seen so. */
  since(row: number): number {
    return this.sinceMs[row] as number;
  }

  /** The row in the table before; -1 when it has none. */
  rowBefore(row: number): number {
    return row < 0 || this.rowsBefore === null ? row : (this.rowsBefore[row] as number);
  }

  /** The row of a key; -1 when it has none. */
  row(key: string): number {
    return this.index.get(key) ?? -1;
  }

  /** The row here of what is in a row there; -1 when it is not here. */
  rowOf(there: Rows, row: number): number {
    return there.keys === this.keys ? row : this.row(there.keys[row] as string);
  }

  /** Keys of the rows that are others than before, or were not there; all when there was nothing before. */
  changedSince(before: Rows | undefined): string[] {
    const { keys } = this;
    if (before === undefined) return [...keys];
    return keys.filter((_, row) => !this.isAs(row, before, before.rowOf(this, row)));
  }

  /** False when there was no such row: `then` is negative. */
  private isAs(row: number, before: Rows, then: number): boolean {
    if (then < 0) return false;
    const { values, width, counted } = this;
    for (let i = 0; i < counted; i++) if (values[row * width + i] !== before.values[then * width + i]) return false;
    return true;
  }

  /** 0 for row -1. */
  value(row: number, column: number): number {
    return row < 0 ? 0 : (this.values[row * this.width + column] as number);
  }

  /** The sum of some columns; 0 for row -1. */
  sum(row: number, columns: readonly number[]): number {
    if (row < 0) return 0;
    const { values } = this;
    const at = row * this.width;
    let sum = 0;
    for (let i = 0; i < columns.length; i++) sum += values[at + (columns[i] as number)] as number;
    return sum;
  }
}
