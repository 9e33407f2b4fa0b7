/**
 * The history of one thing (the broker, a queue, an exchange): gauges as they are, counters as increase per second.
 * Two resolutions: every sample for ten minutes, means of ten seconds for an hour.
 */
import { Ring } from './ring.ts';

const FINE_POINTS = 600;
const COARSE_STEP_MS = 10_000;
const COARSE_POINTS = 360;

export interface SeriesField {
  name: string;
  kind: 'gauge' | 'counter';
  /** For tools that ask for it: no chart shows it. */
  isForTools?: true;
}

/** Columns of equal length, oldest first. Rates are per second. */
export interface History {
  stepMs: number;
  atMs: number[];
  values: Record<string, number[]>;
}

export class Series {
  readonly fields: readonly SeriesField[];
  /** When a value last differed from the one before. */
  changedAtMs = 0;
  private readonly fine: Ring;
  private readonly coarse: Ring;
  private readonly row: Float64Array;
  private readonly sums: Float64Array;
  private sumCount = 0;
  private bucket = 0;
  private summedAtMs = 0;
  private readonly before: Float64Array;
  private observed = false;
  private beforeAtMs = 0;

  constructor(fields: readonly SeriesField[]) {
    this.fields = fields;
    this.fine = new Ring(FINE_POINTS, fields.length);
    this.coarse = new Ring(COARSE_POINTS, fields.length);
    this.row = new Float64Array(fields.length);
    this.before = new Float64Array(fields.length);
    this.sums = new Float64Array(fields.length);
  }

  /** `values` are copied. */
  observe(atMs: number, values: ArrayLike<number>): void {
    const elapsedMs = atMs - this.beforeAtMs;
    this.beforeAtMs = atMs;
    // The first sample says what a counter is, not how fast it grows: there is no point to draw yet.
    if (this.observed && elapsedMs > 0) this.addPoint(atMs, elapsedMs, values);
    this.before.set(values);
    this.observed = true;
  }

  private addPoint(atMs: number, elapsedMs: number, values: ArrayLike<number>): void {
    const { before } = this;
    let changed = false;
    for (let i = 0; i < this.fields.length; i++) {
      const now = values[i] as number;
      const was = before[i] as number;
      if (now !== was) changed = true;
      this.row[i] = this.fields[i]?.kind === 'gauge' ? now : (increase(was, now) * 1000) / elapsedMs;
    }
    if (changed) this.changedAtMs = atMs;
    this.fine.push(atMs, this.row);
    this.observeCoarse(atMs);
  }

  /** Points newer than `afterMs`; of the coarse resolution when `spanMs` reaches beyond the fine one. */
  history(spanMs: number, afterMs: number, isForTools = false): History {
    const coarse = spanMs > FINE_POINTS * 1000;
    const atMs: number[] = [];
    const shown = this.fields.flatMap((field, i) => (isForTools || !field.isForTools ? [i] : []));
    const columns: number[][] = shown.map(() => []);
    (coarse ? this.coarse : this.fine).each(afterMs, (time, row) => {
      atMs.push(time);
      for (let i = 0; i < columns.length; i++) columns[i]?.push(round(row[shown[i] as number] as number));
    });
    const values: Record<string, number[]> = {};
    for (const [i, field] of shown.entries()) values[this.fields[field]?.name ?? ''] = columns[i] as number[];
    return { stepMs: coarse ? COARSE_STEP_MS : 1000, atMs, values };
  }

  /** Buckets hang on the clock: one ends when a sample of the next one comes. */
  private observeCoarse(atMs: number): void {
    const bucket = Math.floor(atMs / COARSE_STEP_MS);
    if (bucket !== this.bucket && this.sumCount > 0) {
      for (let i = 0; i < this.sums.length; i++) this.sums[i] = (this.sums[i] as number) / this.sumCount;
      this.coarse.push(this.summedAtMs, this.sums);
      this.sums.fill(0);
      this.sumCount = 0;
    }
    this.bucket = bucket;
    this.summedAtMs = atMs;
    this.sumCount++;
    for (let i = 0; i < this.sums.length; i++) this.sums[i] = (this.sums[i] as number) + (this.row[i] as number);
  }
}

/** How much a counter grew; one that fell has begun again from zero (restart, or the thing was made anew). */
export function increase(was: number, now: number): number {
  return now >= was ? now - was : now;
}

/** Float32 noise would triple the size of the JSON. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
