/** The past of one thing, or of several added up, as columns: for charts, and exactly for tools. */
import { SAMPLE_MS, type Series, type SeriesField } from './series.ts';

/** A rate is a mean over so many samples everywhere: long enough not to flicker, short enough to follow. */
export const RATE_STEPS = 5;

/** Columns of equal length, oldest first. Rates are per second. */
export interface History {
  stepMs: number;
  atMs: number[];
  values: Record<string, number[]>;
}

interface Points {
  level: number;
  stepMs: number;
  atMs: number[];
  /** A row a moment. */
  rows: Float64Array[];
}

/** Whole steps that end after `afterMs`, of what charts show, in the finest resolution that reaches back over `spanMs`. */
export function historyOf(series: readonly Series[], spanMs: number, afterMs: number): History {
  // The first means look back before what is asked for.
  const points = pointsOf(series, spanMs, afterMs - 2 * RATE_STEPS * SAMPLE_MS, false);
  const first = points.atMs.findIndex((atMs) => atMs > afterMs);
  const from = first < 0 ? points.atMs.length : first;
  const fields = series[0]?.fields ?? [];
  const values: History['values'] = {};
  for (const [index, { name, kind, isForTools }] of fields.entries()) {
    if (isForTools) continue;
    const isSmooth = kind === 'counter' && points.level === 0;
    const column = points.rows.slice(from).map((row, i) => (isSmooth ? rateAt(points, from + i, index) : row[index]));
    values[name] = column.map((value) => rounded(value as number));
  }
  return { stepMs: points.stepMs, atMs: points.atMs.slice(from), values };
}

/** The history up to the last sample and to the last digit: a step that is not over yet has its mean so far. */
export function courseOf(series: readonly Series[], spanMs: number): History {
  const { stepMs, atMs, rows } = pointsOf(series, spanMs, Number.NEGATIVE_INFINITY, true);
  const fields: readonly SeriesField[] = series[0]?.fields ?? [];
  const columns = fields.map(({ name }, index) => [name, rows.map((row) => row[index] as number)]);
  return { stepMs, atMs, values: Object.fromEntries(columns) };
}

/** All series are sampled at the same moments: their steps end at the same times. */
function pointsOf(series: readonly Series[], spanMs: number, afterMs: number, withUnfinished: boolean): Points {
  const level = Math.max(0, ...series.map((one) => one.level(spanMs)));
  const width = series[0]?.fields.length ?? 0;
  const sums = new Map<number, Float64Array>();
  const add = (atMs: number, row: ArrayLike<number>): void => {
    const sum = sums.get(atMs) ?? new Float64Array(width);
    for (let i = 0; i < width; i++) sum[i] = (sum[i] as number) + (row[i] as number);
    sums.set(atMs, sum);
  };
  for (const one of series) {
    one.each(level, afterMs, add);
    const unfinished = withUnfinished ? one.unfinished(level) : null;
    if (unfinished !== null) add(unfinished.atMs, unfinished.row);
  }
  const atMs = [...sums.keys()].sort((a, b) => a - b);
  const rows = atMs.map((time) => sums.get(time) as Float64Array);
  return { level, stepMs: series[0]?.stepMs(level) ?? SAMPLE_MS, atMs, rows };
}

/** The mean of the last points, each by the time it stands for. */
function rateAt({ atMs, rows }: Points, at: number, index: number): number {
  let sum = 0;
  let time = 0;
  for (let i = Math.max(0, at - RATE_STEPS + 1); i <= at; i++) {
    const elapsed = i === 0 ? SAMPLE_MS : (atMs[i] as number) - (atMs[i - 1] as number);
    sum += (rows[i]?.[index] as number) * elapsed;
    time += elapsed;
  }
  return sum / time;
}

/** Float32 noise would triple the size of the JSON. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
