/** Counters with their rates, as `publish: 3, publish_details: {rate: 0.4}`; samples where a range is asked for. */
import type { History } from '../metrics/history.ts';
import { badRequest } from './failure.ts';
import type { Details } from './schema/stats.ts';

const SAMPLES_MAX = 500;

/** The value of each figure by its name, and its rate by name_details. */
export type Stats<N extends string> = { [K in N]: number } & { [K in `${N}_details`]: Details };

export interface Reading<N extends string = string> {
  /** RabbitMQ's name. */
  name: N;
  value: number;
  /** Per second; null: not known yet. */
  rate: number | null;
  /** The figure's terms in the history; a gauge's points are values, a counter's are rates. */
  series?: Terms;
  kind?: 'gauge' | 'counter';
}

/** Names in the history: one, or some added up less some others. */
export type Terms = string | { add: readonly string[]; less?: readonly string[] };

export interface Range {
  ageMs: number;
  incrementMs: number;
}

/** A range of age and increment in seconds, as `lengths_age` and `lengths_incr`; undefined when they are not two integers. */
export function rangeOf(query: URLSearchParams, prefix: 'lengths' | 'msg_rates' | 'node_stats'): Range | undefined {
  const [age, increment] = [seconds(query.get(`${prefix}_age`)), seconds(query.get(`${prefix}_incr`))];
  if (age === undefined || increment === undefined) return undefined;
  if (age < 1 || increment < 1 || age / increment > SAMPLES_MAX)
    throw badRequest(`Invalid range parameters: age ${age}, incr ${increment}`);
  return { ageMs: age * 1000, incrementMs: increment * 1000 };
}

/** As with RabbitMQ, what is no integer is as good as nothing. */
function seconds(text: string | null): number | undefined {
  return text !== null && /^[-+]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** One object of all readings. `course` undefined: without samples. */
export function statsOf<N extends string>(
  readings: readonly Reading<N>[],
  range?: Range,
  course?: (spanMs: number) => History | null,
): Stats<N> {
  const past = range && course ? course(range.ageMs + range.incrementMs) : null;
  const stats: Record<string, number | Details> = {};
  for (const reading of readings) {
    stats[reading.name] = reading.value;
    const details: Details = { rate: round(reading.rate ?? 0) };
    if (range && past && reading.series !== undefined) Object.assign(details, samplesOf(reading, range, past));
    stats[`${reading.name}_details`] = details;
  }
  return stats as Stats<N>;
}

/** Newest first, at times that are multiples of the increment; 0 before anything was known. */
function samplesOf(reading: Reading, { ageMs, incrementMs }: Range, past: History): Omit<Details, 'rate'> {
  const { atMs } = past;
  const { values, first } = reading.kind === 'counter' ? counts(reading, past) : lengths(reading, past);
  const newest = Math.floor((atMs.at(-1) ?? 0) / incrementMs) * incrementMs;
  const samples: { sample: number; timestamp: number }[] = [];
  let point = 0;
  for (let at = newest - ageMs; at <= newest; at += incrementMs) {
    while (point < atMs.length && (atMs[point] as number) <= at) point++;
    samples.push({ sample: Math.round(point === 0 ? first : (values[point - 1] as number)), timestamp: at });
  }
  samples.reverse();
  const [last, oldest] = [samples[0], samples.at(-1)];
  if (last === undefined || oldest === undefined || last === oldest) return { samples };
  const spanS = (last.timestamp - oldest.timestamp) / 1000;
  const sum = samples.reduce((total, { sample }) => total + sample, 0);
  return { samples, avg_rate: round((last.sample - oldest.sample) / spanS), avg: round(sum / samples.length) };
}

/** Values by point. `first`: the value before the first point. */
interface Past {
  values: number[];
  first: number;
}

function lengths({ series }: Reading, { values }: History): Past {
  return { values: pointsOf(series as Terms, values), first: 0 };
}

/** What a counter was back then is what it is now less what was counted since: its points are rates over the time before them. */
function counts({ series, value: now }: Reading, { stepMs, atMs, values }: History): Past {
  const rates = pointsOf(series as Terms, values);
  const past = new Array<number>(atMs.length);
  let value = now;
  for (let i = atMs.length - 1; i >= 0; i--) {
    past[i] = value;
    const elapsedMs = i > 0 ? (atMs[i] as number) - (atMs[i - 1] as number) : Math.min(stepMs, atMs[i] as number);
    value = Math.max(0, value - ((rates[i] ?? 0) * elapsedMs) / 1000);
  }
  return { values: past, first: value };
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
