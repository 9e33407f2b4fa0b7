/** Counters with their rates, as `publish: 3, publish_details: {rate: 0.4}`; samples where a range is asked for. */
import type { History } from '../metrics/series.ts';
import { badRequest } from './failure.ts';
import type { Details } from './schema/stats.ts';

const SAMPLES_MAX = 500;

/** By each name its value, and by name_details its rate. */
export type Stats<N extends string> = { [K in N]: number } & { [K in `${N}_details`]: Details };

export interface Reading<N extends string = string> {
  /** RabbitMQ's name. */
  name: N;
  value: number;
  /** Per second; null: not known yet. */
  rate: number | null;
  /** Where it is in the history; a gauge's points are values, a counter's are rates. */
  series?: Terms;
  kind?: 'gauge' | 'counter';
}

/** Names in the history: one, or some added up less some others. */
export type Terms = string | { add: readonly string[]; less?: readonly string[] };

export interface Range {
  ageMs: number;
  incrementMs: number;
}

/** `lengths_age` and `lengths_incr`, or those of another kind, in seconds; undefined when they are not both there. */
export function rangeOf(query: URLSearchParams, prefix: 'lengths' | 'msg_rates' | 'node_stats'): Range | undefined {
  const [age, increment] = [query.get(`${prefix}_age`), query.get(`${prefix}_incr`)];
  if (age === null || increment === null) return undefined;
  const [ageS, incrementS] = [Number(age), Number(increment)];
  if (!Number.isInteger(ageS) || !Number.isInteger(incrementS) || ageS < 1 || incrementS < 1)
    throw badRequest(`${prefix}_age and ${prefix}_incr must be positive integers`);
  if (ageS / incrementS > SAMPLES_MAX) throw badRequest(`more than ${SAMPLES_MAX} samples were asked for`);
  return { ageMs: ageS * 1000, incrementMs: incrementS * 1000 };
}

/** One object of all readings. `history` undefined: without samples. */
export function statsOf<N extends string>(
  readings: readonly Reading<N>[],
  range?: Range,
  history?: (spanMs: number) => History | null,
): Stats<N> {
  const past = range && history ? history(range.ageMs + range.incrementMs) : null;
  const stats: Record<string, number | Details> = {};
  for (const reading of readings) {
    stats[reading.name] = reading.value;
    const details: Details = { rate: round(reading.rate ?? 0) };
    if (range && past && reading.series !== undefined) Object.assign(details, samplesOf(reading, range, past));
    stats[`${reading.name}_details`] = details;
  }
  return stats as Stats<N>;
}

/** Newest first; a counter's value back then is what it is now less what was counted since. */
function samplesOf(reading: Reading, { ageMs, incrementMs }: Range, { atMs, values }: History): Omit<Details, 'rate'> {
  const points = pointsOf(reading.series as Terms, values);
  const samples: { sample: number; timestamp: number }[] = [];
  const newest = atMs.at(-1);
  if (newest === undefined) return { samples };
  let value = reading.value;
  let next = newest;
  for (let i = points.length - 1; i >= 0; i--) {
    const at = atMs[i] as number;
    if (reading.kind === 'gauge') value = points[i] as number;
    if (at <= next && newest - at <= ageMs) {
      samples.push({ sample: Math.round(value), timestamp: at });
      next = at - incrementMs;
    }
    if (reading.kind === 'counter' && i > 0)
      value = Math.max(0, value - ((points[i] as number) * (at - (atMs[i - 1] as number))) / 1000);
  }
  const [last, first] = [samples[0], samples.at(-1)];
  if (last === undefined || first === undefined || last === first) return { samples };
  const seconds = (last.timestamp - first.timestamp) / 1000;
  const sum = samples.reduce((total, { sample }) => total + sample, 0);
  return { samples, avg_rate: round((last.sample - first.sample) / seconds), avg: round(sum / samples.length) };
}

function pointsOf(series: Terms, values: History['values']): number[] {
  if (typeof series === 'string') return values[series] ?? [];
  const { add, less = [] } = series;
  const at = (name: string, i: number): number => values[name]?.[i] ?? 0;
  return (values[add[0] as string] ?? []).map(
    (_, i) => add.reduce((sum, name) => sum + at(name, i), 0) - less.reduce((sum, name) => sum + at(name, i), 0),
  );
}

/** Three digits. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
