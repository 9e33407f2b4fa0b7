/**
 * What is kept of one thing (the broker, a vhost, a queue, an exchange): gauges as they are, counters as increase per
 * second. Each resolution is kept for a time of its own: every sample for ten minutes, means of longer steps for more.
 */
import { Ring } from './ring.ts';

/** Samples come once a second. */
export const SAMPLE_MS = 1_000;

/** One resolution: means over `stepMs`, the last `points` of them. */
export interface Resolution {
  stepMs: number;
  points: number;
}

/** Finest first. A few points more than the round span, so that the start of it is known as well. */
export const HOUR: readonly Resolution[] = [
  { stepMs: SAMPLE_MS, points: 605 },
  { stepMs: 10_000, points: 366 },
];
export const DAY: readonly Resolution[] = [...HOUR, { stepMs: 60_000, points: 490 }, { stepMs: 300_000, points: 294 }];

export interface SeriesField {
  name: string;
  kind: 'gauge' | 'counter';
  /** A field for tools that ask for it: no chart shows it. */
  isForTools?: true;
}

export class Series {
  readonly fields: readonly SeriesField[];
  /** When a value last differed from the one before. */
  changedAtMs = 0;
  private readonly fine: Ring;
  private readonly means: readonly Means[];
  private readonly row: Float64Array;
  private readonly before: Float64Array;
  private observed = false;
  private beforeAtMs = 0;

  constructor(fields: readonly SeriesField[], [finest, ...coarser]: readonly Resolution[] = HOUR) {
    this.fields = fields;
    this.fine = new Ring(finest?.points ?? 0, fields.length);
    this.means = coarser.map((resolution) => new Means(resolution, fields.length));
    this.row = new Float64Array(fields.length);
    this.before = new Float64Array(fields.length);
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
    for (let i = 0; i < this.means.length; i++) (this.means[i] as Means).observe(atMs, this.row);
  }

  /** The finest resolution that reaches back over `spanMs`; 0 is the finest of all. */
  level(spanMs: number): number {
    // What has never been full holds everything that is known.
    const reaches = (ring: Ring, stepMs: number): boolean =>
      ring.length < ring.capacity || spanMs <= stepMs * ring.capacity;
    if (reaches(this.fine, SAMPLE_MS) || this.means.length === 0) return 0;
    const found = this.means.findIndex(({ stepMs, ring }) => reaches(ring, stepMs));
    return found < 0 ? this.means.length : found + 1;
  }

  stepMs(level: number): number {
    return level === 0 ? SAMPLE_MS : (this.means[level - 1] as Means).stepMs;
  }

  /** Whole steps that end after `afterMs`, oldest first; the row is only valid during the call. */
  each(level: number, afterMs: number, onRow: (atMs: number, row: ArrayLike<number>) => void): void {
    const ring = level === 0 ? this.fine : (this.means[level - 1] as Means).ring;
    ring.each(afterMs, onRow);
  }

  /** The mean so far of the step that goes on; null: nothing of it was seen. */
  unfinished(level: number): { atMs: number; row: ArrayLike<number> } | null {
    const row = level === 0 ? null : (this.means[level - 1] as Means).unfinished();
    return row && { atMs: this.beforeAtMs, row };
  }
}

/** Means over steps that hang on the clock: one ends when a sample of the next one comes. */
class Means {
  readonly stepMs: number;
  readonly ring: Ring;
  private readonly sums: Float64Array;
  private count = 0;
  private step = 0;
  private summedAtMs = 0;

  constructor({ stepMs, points }: Resolution, width: number) {
    this.stepMs = stepMs;
    this.ring = new Ring(points, width);
    this.sums = new Float64Array(width);
  }

  observe(atMs: number, row: Float64Array): void {
    const { sums } = this;
    const step = Math.floor(atMs / this.stepMs);
    if (step !== this.step && this.count > 0) {
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) / this.count;
      this.ring.push(this.summedAtMs, sums);
      sums.fill(0);
      this.count = 0;
    }
    this.step = step;
    this.summedAtMs = atMs;
    this.count++;
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (row[i] as number);
  }

  /** The mean so far of the step that goes on; null: nothing of it was seen. */
  unfinished(): Float64Array | null {
    return this.count === 0 ? null : this.sums.map((sum) => sum / this.count);
  }
}

/** How much a counter grew; one that fell has begun again from zero (restart, or the thing was made anew). */
export function increase(was: number, now: number): number {
  return now >= was ? now - was : now;
}
