import type { Rows } from './rows.ts';

const STEP_MS = 5_000;

/** Some columns of all rows at one moment, in the order of the rows that there are now; NaN where there was no such row. */
interface Step {
  atMs: number;
  values: Float64Array;
}

/** What some columns of every row were a while ago. Looks back over `spanMs` and up to one step more. */
export class Lookback {
  private readonly columns: readonly number[];
  private readonly spanMs: number;
  private steps: Step[] = [];
  private rows: Rows | undefined;

  constructor(columns: readonly number[], spanMs: number) {
    this.columns = columns;
    this.spanMs = spanMs;
  }

  observe(atMs: number, rows: Rows): void {
    const before = this.rows;
    if (before !== undefined && before.keys !== rows.keys) this.align(before, rows);
    this.rows = rows;
    // A clock may have been set back.
    if (this.steps.some((step) => step.atMs > atMs)) this.steps = [];
    const last = this.steps.at(-1);
    if (last !== undefined && atMs - last.atMs < STEP_MS) return;
    this.steps.push({ atMs, values: this.copyOf(rows) });
    while (this.steps.length > 1 && (this.steps[1] as Step).atMs <= atMs - this.spanMs) this.steps.shift();
  }

  /** The oldest that is known of a row; null: nothing before now. */
  past(row: number): { atMs: number; value: (column: number) => number } | null {
    const { columns } = this;
    const at = row * columns.length;
    const step = this.steps.find(({ values }) => !Number.isNaN(values[at] as number));
    if (row < 0 || step === undefined) return null;
    return { atMs: step.atMs, value: (column) => step.values[at + columns.indexOf(column)] as number };
  }

  private copyOf(rows: Rows): Float64Array {
    const { columns } = this;
    const values = new Float64Array(rows.keys.length * columns.length);
    let at = 0;
    for (let row = 0; row < rows.keys.length; row++) {
      for (let i = 0; i < columns.length; i++) values[at++] = rows.value(row, columns[i] as number);
    }
    return values;
  }

  /** Puts what is known of the objects into the order of `rows`, when there are other objects than before. */
  private align(before: Rows, rows: Rows): void {
    const width = this.columns.length;
    const rowsBefore = Int32Array.from(rows.keys, (key) => before.row(key));
    for (const step of this.steps) {
      // What was not there a moment ago began at zero since.
      const isLast = step === this.steps.at(-1);
      const values = new Float64Array(rowsBefore.length * width).fill(isLast ? 0 : Number.NaN);
      for (let row = 0; row < rowsBefore.length; row++) {
        const then = (rowsBefore[row] as number) * width;
        if (then >= 0) for (let i = 0; i < width; i++) values[row * width + i] = step.values[then + i] as number;
      }
      step.values = values;
    }
  }
}
