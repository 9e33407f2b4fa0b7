/** Results as people read them: a row a run, and with more than one run of a broker its medians and how brokers compare. */
import type { RunResult } from './run.ts';

const COLUMNS = [
  ['publish/s', (r: RunResult) => r.publishedPerSecond],
  ['consume/s', (r: RunResult) => r.consumedPerSecond],
  ['confirm/s', (r: RunResult) => r.confirmedPerSecond],
  ['p50 µs', (r: RunResult) => r.latency?.p50],
  ['p99 µs', (r: RunResult) => r.latency?.p99],
  ['p99.9 µs', (r: RunResult) => r.latency?.p999],
  ['confirm p50 µs', (r: RunResult) => r.confirmLatency?.p50],
  ['confirm p99 µs', (r: RunResult) => r.confirmLatency?.p99],
  ['lost', (r: RunResult) => r.lost],
  ['dup', (r: RunResult) => r.duplicated],
  ['disorder', (r: RunResult) => r.disordered],
  ['unconfirmed', (r: RunResult) => r.unconfirmed],
  ['client CPU s', (r: RunResult) => r.clientCpuSeconds],
  ['broker CPU s', (r: RunResult) => r.brokerCpuSeconds],
  ['broker MiB', (r: RunResult) => r.brokerRssMib],
] as const satisfies [string, (r: RunResult) => number | undefined][];

export interface LabelledRun {
  readonly label: string;
  readonly result: RunResult;
}

/** Columns that are empty everywhere are left out. */
export function reportTable(runs: readonly LabelledRun[]): string {
  const labels = [...new Set(runs.map(({ label }) => label))];
  const rows: [string, (number | undefined)[]][] = runs.map(({ label, result }) => [
    label,
    COLUMNS.map(([, of]) => of(result)),
  ]);
  if (runs.length > labels.length || labels.length > 1) {
    const medians = labels.map((label) => mediansOf(runs.filter((run) => run.label === label)));
    if (runs.length > labels.length) {
      for (const [i, label] of labels.entries()) rows.push([`median of ${label}`, medians[i] ?? []]);
    }
    for (let i = 1; i < labels.length; i++) {
      const ratios = COLUMNS.map((_, column) => ratio(medians[i]?.[column], medians[0]?.[column]));
      rows.push([`${labels[i]} ÷ ${labels[0]}`, ratios]);
    }
  }
  const shown = COLUMNS.map((_, column) => rows.some(([, values]) => (values[column] ?? 0) !== 0));
  const pick = <T>(cells: readonly T[]): T[] => cells.filter((_, column) => shown[column]);
  return aligned([
    ['', ...pick(COLUMNS.map(([name]) => name))],
    ...rows.map(([label, values]) => [label, ...pick(values).map(formatted)]),
  ]);
}

function mediansOf(runs: readonly LabelledRun[]): (number | undefined)[] {
  return COLUMNS.map(([, of]) => median(runs.map(({ result }) => of(result)).filter((value) => value !== undefined)));
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

function ratio(value: number | undefined, base: number | undefined): number | undefined {
  return value === undefined || !base ? undefined : Math.round((value / base) * 100) / 100;
}

function formatted(value: number | undefined): string {
  if (value === undefined) return '';
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Math.round(value * 100) / 100);
}

function aligned(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return rows.map(line).join('\n');
}
