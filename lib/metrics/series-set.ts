import { Series, type SeriesField } from './series.ts';

/** What has been still for this long gives up its place to something that moves. */
const QUIET_MS = 60_000;

interface Reading<T> extends SeriesField {
  read(from: T): number;
}

/** Series by key, at most `max`. What is gone from the samples loses its series. */
export class SeriesSet<T> {
  private readonly series = new Map<string, Series>();
  private readonly readings: readonly Reading<T>[];
  private readonly max: number;
  private before: { atMs: number; things: Record<string, T> } | undefined;

  constructor(readings: readonly Reading<T>[], max: number) {
    this.readings = readings;
    this.max = max;
  }

  get size(): number {
    return this.series.size;
  }

  find(key: string): Series | undefined {
    return this.series.get(key);
  }

  observe(atMs: number, things: Record<string, T>): void {
    for (const key of this.series.keys()) if (!(key in things)) this.series.delete(key);
    // One search for a free place a sample: with thousands of queues beyond the bound each would search in vain.
    let full = false;
    for (const [key, thing] of Object.entries(things)) {
      const values = this.values(thing);
      let series = this.series.get(key);
      if (series === undefined) {
        if (this.series.size >= this.max) {
          if (full || values.every((value) => value === 0)) continue;
          full = !this.evictQuietest(atMs);
          if (full) continue;
        }
        series = this.admit(key, values.length);
      }
      series.observe(atMs, values);
    }
    this.before = { atMs, things };
  }

  private admit(key: string, width: number): Series {
    const series = new Series(this.readings);
    this.series.set(key, series);
    if (this.before !== undefined) {
      // What was not there a sample ago has been made since: its counters began at zero.
      const was = this.before.things[key];
      series.observe(this.before.atMs, was === undefined ? new Array<number>(width).fill(0) : this.values(was));
    }
    return series;
  }

  private values(thing: T): number[] {
    return this.readings.map((reading) => reading.read(thing));
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
