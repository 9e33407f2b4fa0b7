import type { CounterTable } from '../engine/sample.ts';

/** One table of a sample by key. While the objects are the same from sample to sample, they share the index. */
export class Rows {
  readonly keys: readonly string[];
  private readonly values: Float64Array;
  private readonly width: number;
  private readonly index: ReadonlyMap<string, number>;
  /** By row: since when it is what it is, as far back as it was seen. */
  private readonly sinceMs: Float64Array;

  /** `width`: columns of the table. `before`: the same table of the sample before. */
  constructor(table: CounterTable, width: number, before: Rows | undefined, atMs: number) {
    this.keys = table.keys;
    this.values = table.values;
    this.width = width;
    this.index =
      before !== undefined && before.keys === table.keys
        ? before.index
        : new Map(table.keys.map((key, row) => [key, row]));
    this.sinceMs = new Float64Array(table.keys.length).fill(atMs);
    if (before === undefined) return;
    for (const [row, key] of table.keys.entries()) {
      const then = before.keys === table.keys ? row : before.row(key);
      // A clock may have been set back.
      if (this.isAs(row, before, then)) this.sinceMs[row] = Math.min(before.since(then), atMs);
    }
  }

  /** Since when the row is what it is: when it was first seen so. */
  since(row: number): number {
    return this.sinceMs[row] as number;
  }

  /** The row of a key; -1 when it has none. */
  row(key: string): number {
    return this.index.get(key) ?? -1;
  }

  /** Keys of the rows that are others than before, or were not there; all when there was nothing before. */
  changedSince(before: Rows | undefined): string[] {
    const { keys } = this;
    if (before === undefined) return [...keys];
    return keys.filter((key, row) => !this.isAs(row, before, before.keys === keys ? row : before.row(key)));
  }

  /** False when there was no such row: `then` is negative. */
  private isAs(row: number, before: Rows, then: number): boolean {
    if (then < 0) return false;
    const { values, width } = this;
    for (let i = 0; i < width; i++) if (values[row * width + i] !== before.values[then * width + i]) return false;
    return true;
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
