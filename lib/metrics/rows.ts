import type { CounterTable } from '../engine/sample.ts';

/** One table of a sample by key. While the objects are the same from sample to sample, they share the index. */
export class Rows {
  readonly keys: readonly string[];
  private readonly values: Float64Array;
  private readonly width: number;
  private readonly index: ReadonlyMap<string, number>;

  /** `width`: columns of the table. `before`: the same table of the sample before. */
  constructor(table: CounterTable, width: number, before: Rows | undefined) {
    this.keys = table.keys;
    this.values = table.values;
    this.width = width;
    this.index =
      before !== undefined && before.keys === table.keys
        ? before.index
        : new Map(table.keys.map((key, row) => [key, row]));
  }

  /** The row of a key; -1 when it has none. */
  row(key: string): number {
    return this.index.get(key) ?? -1;
  }

  /** Keys of the rows that are others than before, or were not there; all when there was nothing before. */
  changedSince(before: Rows | undefined): string[] {
    const { keys, values, width } = this;
    return keys.filter((key, row) => {
      const then = before === undefined ? -1 : before.keys === keys ? row : before.row(key);
      if (then < 0) return true;
      for (let i = 0; i < width; i++) if (values[row * width + i] !== before?.values[then * width + i]) return true;
      return false;
    });
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
