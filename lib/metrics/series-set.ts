import type { RowReading } from './fields.ts';
import type { Rows } from './rows.ts';
import { HOUR, type Resolution, Series } from './series.ts';

/** What has been still for this long gives up its place to something that moves. */
const QUIET_MS = 60_000;

/** Series by key, at most `max`. What is gone from the samples loses its series. */
export class SeriesSet {
  private readonly series = new Map<string, Series>();
  private readonly readings: readonly RowReading[];
  private readonly max: number;
  private readonly resolutions: readonly Resolution[];
  private before: { atMs: number; rows: Rows } | undefined;
  /** One row as it is read; used again for the next. */
  private readonly values: Float64Array;

  constructor(readings: readonly RowReading[], max: number, resolutions = HOUR) {
    this.readings = readings;
    this.max = max;
    this.resolutions = resolutions;
    this.values = new Float64Array(readings.length);
  }

  get size(): number {
    return this.series.size;
  }

  find(key: string): Series | undefined {
    return this.series.get(key);
  }

  observe(atMs: number, rows: Rows): void {
    for (const key of this.series.keys()) if (rows.row(key) < 0) this.series.delete(key);
    // One search for a free place a sample: with thousands of queues beyond the bound each would search in vain.
    let full = false;
    for (let row = 0; row < rows.keys.length; row++) {
      const key = rows.keys[row] as string;
      let series = this.series.get(key);
      if (series === undefined) {
        if (this.series.size >= this.max) {
          if (full || this.read(rows, row).every((value) => value === 0)) continue;
          full = !this.evictQuietest(atMs);
          if (full) continue;
        }
        series = this.admit(key);
      }
      series.observe(atMs, this.read(rows, row));
    }
    this.before = { atMs, rows };
  }

  private admit(key: string): Series {
    const series = new Series(this.readings, this.resolutions);
    this.series.set(key, series);
    if (this.before !== undefined) {
      const { atMs, rows } = this.before;
      // What was not there a sample ago has been made since: its counters began at zero.
      series.observe(atMs, this.read(rows, rows.row(key)));
    }
    return series;
  }

  private read(rows: Rows, row: number): Float64Array {
    // By index: an iterator for each of thousands of queues would be megabytes of garbage a second.
    for (let i = 0; i < this.readings.length; i++)
      this.values[i] = rows.sum(row, (this.readings[i] as RowReading).columns);
    return this.values;
  }

  private evictQuietest(atMs: number): boolean {
    let quietest: string | undefined;
    let quietestAtMs = atMs - QUIET_MS;
    for (const [key, series] of this.series) {
      if (series.changedAtMs >= quietestAtMs) continue;
      quietest = key;
      quietestAtMs = series.changedAtMs;
    }
    return quietest !== undefined && this.series.delete(quietest);
  }
}
