/**
 * History and rates from the engine's samples. Owns: the last few samples (for rates) and a bounded number of series
 * (for charts). Never asks the engine for anything; what it knows came by `observe`.
 */
import type { Engine, Totals } from '../engine/port.ts';
import { EXCHANGE_COLUMNS, QUEUE_COLUMNS, rowKey, type Sample } from '../engine/sample.ts';
import { EXCHANGE_READINGS, QUEUE_READINGS, TOTALS_READINGS, VHOST_COLUMNS, VHOST_READINGS } from './fields.ts';
import { Rows } from './rows.ts';
import { DAY, type History, increase, Series } from './series.ts';
import { SeriesSet } from './series-set.ts';
import { VhostSums } from './vhost-sums.ts';

/** Rates are means over this many samples: long enough not to flicker, short enough to see a change. */
const RATE_SAMPLES = 6;
/** What of a queue goes up and down. */
const GAUGES: ReadonlySet<QueueColumn> = new Set(['ready', 'unacked', 'consumers']);
/** What nothing has happened to for that long is idle. */
const IDLE_AFTER_MS = 5_000;
const QUEUE_SERIES_MAX = 500;
const EXCHANGE_SERIES_MAX = 200;
const VHOST_SERIES_MAX = 200;

/** Per second; null until two samples are there. */
export interface TotalsRates {
  published: number;
  delivered: number;
  acked: number;
  redelivered: number;
  unroutable: number;
  deadLettered: number;
}

export interface QueueRates {
  published: number;
  delivered: number;
  acked: number;
  redelivered: number;
  deadLettersIn: number;
}

export interface ExchangeRates {
  published: number;
  routed: number;
  unroutable: number;
}

export interface QueueNow {
  ready: number;
  unacked: number;
  consumers: number;
}
export type QueueColumn = (typeof QUEUE_COLUMNS)[number];

interface Moment {
  atMs: number;
  totals: Totals;
  queues: Rows;
  exchanges: Rows;
}

export type HistoryOf =
  | { scope: 'totals' }
  | { scope: 'vhost'; vhost: string }
  | { scope: 'queue' | 'exchange'; vhost: string; name: string };

export class Metrics {
  private readonly moments: Moment[] = [];
  private totals = new Series(TOTALS_READINGS, DAY);
  private vhosts = new SeriesSet(VHOST_READINGS, VHOST_SERIES_MAX);
  private readonly vhostSums = new VhostSums(QUEUE_COLUMNS.length, VHOST_COLUMNS);
  private queues = new SeriesSet(QUEUE_READINGS, QUEUE_SERIES_MAX);
  private exchanges = new SeriesSet(EXCHANGE_READINGS, EXCHANGE_SERIES_MAX);

  observe(sample: Sample): void {
    const { atMs, totals } = sample;
    const before = this.moments.at(-1);
    // A clock set back would make every rate negative: begin again.
    if (before !== undefined && atMs <= before.atMs) this.moments.length = 0;
    const queues = new Rows(sample.queues, QUEUE_COLUMNS.length, before?.queues, atMs);
    const exchanges = new Rows(sample.exchanges, EXCHANGE_COLUMNS.length, before?.exchanges, atMs);
    this.moments.push({ atMs, totals, queues, exchanges });
    if (this.moments.length > RATE_SAMPLES) this.moments.shift();
    this.totals.observe(
      atMs,
      TOTALS_READINGS.map((reading) => reading.read(totals)),
    );
    this.vhosts.observe(atMs, this.vhostSums.of(sample.queues, atMs));
    this.queues.observe(atMs, queues);
    this.exchanges.observe(atMs, exchanges);
  }

  /** Forgets what was: rates and histories begin anew. */
  reset(): void {
    this.moments.length = 0;
    this.totals = new Series(TOTALS_READINGS, DAY);
    this.vhosts = new SeriesSet(VHOST_READINGS, VHOST_SERIES_MAX);
    this.queues = new SeriesSet(QUEUE_READINGS, QUEUE_SERIES_MAX);
    this.exchanges = new SeriesSet(EXCHANGE_READINGS, EXCHANGE_SERIES_MAX);
  }

  /** Of the last sample; undefined before the first. */
  latest(): { atMs: number; totals: Totals } | undefined {
    return this.moments.at(-1);
  }

  /** By the last sample; null when the queue was not in it. */
  queueNow(vhost: string, name: string): QueueNow | null {
    const rows = this.moments.at(-1)?.queues;
    const row = rows?.row(rowKey(vhost, name)) ?? -1;
    if (rows === undefined || row < 0) return null;
    const value = (column: keyof QueueNow) => rows.sum(row, [QUEUE_COLUMNS.indexOf(column)]);
    return { ready: value('ready'), unacked: value('unacked'), consumers: value('consumers') };
  }

  /** Since when nothing has happened to a queue; null: something happened just now, or nobody knows. */
  queueIdleSince(vhost: string, name: string): number | null {
    const moment = this.moments.at(-1);
    const row = moment?.queues.row(rowKey(vhost, name)) ?? -1;
    if (moment === undefined || row < 0) return null;
    const sinceMs = moment.queues.since(row);
    return moment.atMs - sinceMs >= IDLE_AFTER_MS ? sinceMs : null;
  }

  /** Keys of those whose figures have changed within the time that rates are taken over; at first of all. */
  moving(kind: 'queues' | 'exchanges'): Set<string> {
    const first = this.moments.length < 2 ? undefined : this.moments[0]?.[kind];
    return new Set(this.moments.at(-1)?.[kind].changedSince(first));
  }

  totalsRates(): TotalsRates | null {
    const rate = (read: (totals: Totals) => number) => this.rate((moment) => read(moment.totals));
    if (this.moments.length < 2) return null;
    return {
      published: rate((t) => t.flow.published),
      delivered: rate((t) => t.flow.delivered),
      acked: rate((t) => t.flow.acked),
      redelivered: rate((t) => t.flow.redelivered),
      unroutable: rate((t) => t.flow.returned + t.flow.unroutable),
      deadLettered: rate((t) => t.flow.deadLettered),
    };
  }

  /** How much anything of the totals changes per second: gauges may fall. Null until two samples are there. */
  totalsChange(): ((read: (totals: Totals) => number, kind?: 'counter' | 'gauge') => number) | null {
    if (this.moments.length < 2) return null;
    return (read, kind = 'counter') => {
      const of = (moment: Moment) => read(moment.totals);
      return kind === 'gauge' ? this.slope(of) : this.rate(of);
    };
  }

  queueRates(vhost: string, name: string): QueueRates | null {
    const key = rowKey(vhost, name);
    if (!this.hasRates('queues', key)) return null;
    const rate = (field: keyof QueueRates) => this.rowRate('queues', key, [QUEUE_COLUMNS.indexOf(field)]);
    return {
      published: rate('published'),
      delivered: rate('delivered'),
      acked: rate('acked'),
      redelivered: rate('redelivered'),
      deadLettersIn: rate('deadLettersIn'),
    };
  }

  /** How much any column of a queue's row changes per second: gauges may fall. Null until two samples are there. */
  queueChange(vhost: string, name: string): ((column: QueueColumn) => number) | null {
    const key = rowKey(vhost, name);
    if (!this.hasRates('queues', key)) return null;
    return (column) => {
      const columns = [QUEUE_COLUMNS.indexOf(column)];
      if (!GAUGES.has(column)) return this.rowRate('queues', key, columns);
      return this.slope(({ queues }) => queues.sum(queues.row(key), columns));
    };
  }

  exchangeRates(vhost: string, name: string): ExchangeRates | null {
    const key = rowKey(vhost, name);
    if (!this.hasRates('exchanges', key)) return null;
    const rate = (field: keyof ExchangeRates) => this.rowRate('exchanges', key, [EXCHANGE_COLUMNS.indexOf(field)]);
    return { published: rate('published'), routed: rate('routed'), unroutable: rate('unroutable') };
  }

  /** Points newer than `afterMs` and not older than `spanMs`; null for what has no series. */
  history(of: HistoryOf, spanMs: number, afterMs: number): History | null {
    const series = this.seriesOf(of);
    if (series === undefined) return null;
    const fromMs = (this.moments.at(-1)?.atMs ?? 0) - spanMs;
    return series.history(spanMs, Math.max(afterMs, fromMs));
  }

  /** How figures went up to the last sample, as exactly as it is known, over `spanMs` or more; null for what has no series. */
  course(of: HistoryOf, spanMs: number): History | null {
    return this.seriesOf(of)?.course(spanMs) ?? null;
  }

  /** The ready messages of a queue over the last `spanMs`, thinned to at most `points`; empty when it has no series. */
  trend(vhost: string, name: string, spanMs: number, points: number): number[] {
    const history = this.history({ scope: 'queue', vhost, name }, spanMs, 0);
    const ready = history?.values.ready ?? [];
    if (ready.length <= points) return ready;
    return Array.from(
      { length: points },
      (_, i) => ready[Math.round((i * (ready.length - 1)) / (points - 1))] as number,
    );
  }

  /** Ready messages now less those `spanMs` ago; null when its history is not that long. */
  growth(vhost: string, name: string, spanMs: number): number | null {
    const history = this.history({ scope: 'queue', vhost, name }, spanMs, 0);
    const ready = history?.values.ready;
    const [first, last] = [history?.atMs[0], history?.atMs.at(-1)];
    if (ready === undefined || first === undefined || last === undefined || last - first < spanMs * 0.9) return null;
    return (ready.at(-1) as number) - (ready[0] as number);
  }

  /** Messages that an exchange could not route in the last `spanMs`. */
  unroutable(vhost: string, name: string, spanMs: number): number {
    const history = this.history({ scope: 'exchange', vhost, name }, spanMs, 0);
    const rates = history?.values.unroutable ?? [];
    let count = 0;
    // A point is a rate over the step before it.
    for (let i = 0; i < rates.length; i++) {
      const stepMs = i === 0 ? 1000 : (history?.atMs[i] as number) - (history?.atMs[i - 1] as number);
      count += ((rates[i] as number) * stepMs) / 1000;
    }
    return Math.round(count);
  }

  private seriesOf(of: HistoryOf): Series | undefined {
    if (of.scope === 'totals') return this.totals;
    if (of.scope === 'vhost') return this.vhosts.find(rowKey(of.vhost, ''));
    return (of.scope === 'queue' ? this.queues : this.exchanges).find(rowKey(of.vhost, of.name));
  }

  private hasRates(table: 'queues' | 'exchanges', key: string): boolean {
    return this.moments.length >= 2 && (this.moments.at(-1)?.[table].row(key) ?? -1) >= 0;
  }

  private rowRate(table: 'queues' | 'exchanges', key: string, columns: readonly number[]): number {
    return this.rate((moment) => moment[table].sum(moment[table].row(key), columns));
  }

  private slope(read: (moment: Moment) => number): number {
    const [first, last] = [this.moments[0] as Moment, this.moments.at(-1) as Moment];
    return ((read(last) - read(first)) * 1000) / (last.atMs - first.atMs);
  }

  /** Increase per second over the samples held; each step apart, so that a restart between two of them costs nothing. */
  private rate(read: (moment: Moment) => number): number {
    const first = this.moments[0] as Moment;
    const last = this.moments.at(-1) as Moment;
    let grown = 0;
    for (let i = 1; i < this.moments.length; i++)
      grown += increase(read(this.moments[i - 1] as Moment), read(this.moments[i] as Moment));
    return (grown * 1000) / (last.atMs - first.atMs);
  }
}

/** Begins to listen to an engine. Stopping the engine ends it. */
export function startMetrics(engine: Engine): Metrics {
  const metrics = new Metrics();
  engine.subscribe((sample) => metrics.observe(sample));
  return metrics;
}
