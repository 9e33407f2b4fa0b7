/**
 * The history of one thing (the broker, a vhost, a queue, an exchange): gauges as they are, counters as increase per
 * second. Each resolution is kept for a time of its own: every sample for ten minutes, means of longer steps for more.
 */
import { Ring } from './ring.ts';

/** Samples come once a second. */
const SAMPLE_MS = 1_000;

/** One resolution: means over `stepMs`, the last `points` of them. */
export interface Resolution {
  stepMs: number;
  points: number;
}

/** Finest first. A few points more than the round span, so that the start of it is known as well. */
const HOUR: readonly Resolution[] = [
  { stepMs: SAMPLE_MS, points: 605 },
  { stepMs: 10_000, points: 366 },
];
export const DAY: readonly Resolution[] = [...HOUR, { stepMs: 60_000, points: 490 }, { stepMs: 300_000, points: 294 }];

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

  /** Points newer than `afterMs`, in the finest resolution that reaches back over `spanMs`; of what charts show. */
  history(spanMs: number, afterMs: number): History {
    const { stepMs, ring } = this.reaching(spanMs);
    const shown = this.fields.filter(({ isForTools }) => !isForTools);
    return this.columns(stepMs, shown, rounded, (onRow) => ring.each(afterMs, onRow));
  }

  /** All of it up to the last sample and to the last digit: a step that is not over yet has its mean so far. */
  course(spanMs: number): History {
    const { stepMs, ring, means } = this.reaching(spanMs);
    return this.columns(stepMs, this.fields, exact, (onRow) => {
      ring.each(Number.NEGATIVE_INFINITY, onRow);
      const unfinished = means?.unfinished();
      if (unfinished) onRow(this.beforeAtMs, unfinished);
    });
  }

  private reaching(spanMs: number): { stepMs: number; ring: Ring; means?: Means } {
    // What has never been full holds everything that is known.
    const reaches = (ring: Ring, stepMs: number): boolean =>
      ring.length < ring.capacity || spanMs <= stepMs * ring.capacity;
    const means = reaches(this.fine, SAMPLE_MS)
      ? undefined
      : (this.means.find(({ stepMs, ring }) => reaches(ring, stepMs)) ?? this.means.at(-1));
    if (means === undefined) return { stepMs: SAMPLE_MS, ring: this.fine };
    return { stepMs: means.stepMs, ring: means.ring, means };
  }

  private columns(
    stepMs: number,
    shown: readonly SeriesField[],
    as: (value: number) => number,
    each: (onRow: (atMs: number, row: ArrayLike<number>) => void) => void,
  ): History {
    const atMs: number[] = [];
    const places = shown.map((field) => this.fields.indexOf(field));
    const columns: number[][] = places.map(() => []);
    each((time, row) => {
      atMs.push(time);
      for (let i = 0; i < places.length; i++) columns[i]?.push(as(row[places[i] as number] as number));
    });
    return { stepMs, atMs, values: Object.fromEntries(shown.map(({ name }, i) => [name, columns[i] as number[]])) };
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

  /** Of the step that goes on; null: nothing of it was seen. */
  unfinished(): Float64Array | null {
    return this.count === 0 ? null : this.sums.map((sum) => sum / this.count);
  }
}

/** How much a counter grew; one that fell has begun again from zero (restart, or the thing was made anew). */
export function increase(was: number, now: number): number {
  return now >= was ? now - was : now;
}

/** Float32 noise would triple the size of the JSON. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function exact(value: number): number {
  return value;
}
