/**
 * History and rates from the engine's samples. Owns: the last few samples (for rates), what was a minute ago, and a
 * bounded number of series (for charts). Never asks the engine for anything; what it knows came by `observe`.
 */
import type { Engine } from '../engine/port.ts';
import {
  EXCHANGE_COLUMNS,
  type ExchangeColumn,
  QUEUE_COLUMNS,
  type QueueColumn,
  rowKey,
  type Sample,
  TOTAL_COLUMNS,
  type TotalColumn,
  type Totals,
  USER_COLUMNS,
} from '../engine/sample.ts';
import type { ExchangeRates } from '../figures/exchange-figures.ts';
import { QUEUE_FIGURES, type QueueFigure, type QueueRates } from '../figures/queue-figures.ts';
import type { TotalsRates } from '../figures/vhost-figures.ts';
import { EXCHANGE_READINGS, pageCounters, QUEUE_READINGS, type RowReading, VHOST_READINGS } from './fields.ts';
import { Histories, type HistoryOf, type Scope } from './histories.ts';
import type { History } from './history.ts';
import { Lookback } from './lookback.ts';
import { type Moment, Moments } from './moments.ts';
import { increase } from './series.ts';

/** What nothing has happened to for that long is idle. */
const IDLE_AFTER_MS = 5_000;
const MINUTE_MS = 60_000;

export interface QueueNow {
  ready: number;
  unacked: number;
  consumers: number;
}

/** What happened to a queue in about the last minute, or since it is there. */
export interface LastMinute {
  spanMs: number;
  readyThen: number;
  /** What happened, in messages. */
  published: number;
  delivered: number;
  acked: number;
  redelivered: number;
}

const queueColumn = (column: QueueColumn): number => QUEUE_COLUMNS.indexOf(column);
const MINUTE_COLUMNS = ['ready', 'published', 'delivered', 'acked', 'redelivered'] as const;
const UNROUTABLE = EXCHANGE_COLUMNS.indexOf('unroutable');
const TOTALS_RATES = pageCounters(VHOST_READINGS);
const QUEUE_RATES = pageCounters(QUEUE_READINGS);
const EXCHANGE_RATES = pageCounters(EXCHANGE_READINGS);

export class Metrics {
  private readonly moments = new Moments();
  private histories = new Histories();
  private queuesThen = new Lookback(MINUTE_COLUMNS.map(queueColumn), MINUTE_MS);
  private exchangesThen = new Lookback([UNROUTABLE], MINUTE_MS);
  /** Rates by the latest sample, as far as somebody has asked. */
  private readonly vhostRates = new Map<string, TotalsRates>();

  observe(sample: Sample): void {
    const { atMs } = sample;
    const moment = this.moments.push(sample);
    this.vhostRates.clear();
    this.histories.observe(moment);
    this.queuesThen.observe(atMs, moment.queues);
    this.exchangesThen.observe(atMs, moment.exchanges);
  }

  /** Forgets what was: rates and histories begin anew. What is now stays, since pages show it. */
  reset(): void {
    this.moments.forgetPast();
    this.vhostRates.clear();
    this.histories = new Histories();
    this.queuesThen = new Lookback(MINUTE_COLUMNS.map(queueColumn), MINUTE_MS);
    this.exchangesThen = new Lookback([UNROUTABLE], MINUTE_MS);
  }

  /** Undefined before the first one. */
  latest(): Sample | undefined {
    return this.moments.latest?.sample;
  }

  /** The queue's figures by the last sample; null when the queue was not in it. */
  queueNow(vhost: string, name: string): QueueNow | null {
    const row = this.queueRow(vhost, name);
    if (row < 0) return null;
    const value = (column: keyof QueueNow) => this.queueValue(row, column);
    return { ready: value('ready'), unacked: value('unacked'), consumers: value('consumers') };
  }

  /** Since when nothing has happened to a queue; null: something happened just now, or nobody knows. */
  queueIdleSince(vhost: string, name: string): number | null {
    const moment = this.moments.latest;
    const row = this.queueRow(vhost, name);
    if (moment === undefined || row < 0) return null;
    const sinceMs = moment.queues.since(row);
    return moment.atMs - sinceMs >= IDLE_AFTER_MS ? sinceMs : null;
  }

  /** Keys of objects whose figures have changed within the time that rates are taken over; at first of all. */
  moving(kind: 'queues' | 'exchanges'): Set<string> {
    return new Set(this.moments.latest?.[kind].changedSince(this.moments.first?.[kind]));
  }

  /** What is in the vhosts of a scope, and who. */
  totals(scope: Scope): Totals {
    const { latest } = this.moments;
    const sums = Object.fromEntries(TOTAL_COLUMNS.map((column) => [column, 0])) as Totals;
    if (latest === undefined) return sums;
    if (scope === 'broker') return latest.sample.totals;
    for (const vhost of scope) {
      const row = latest.vhosts.row(rowKey(vhost, ''));
      for (let i = 0; i < TOTAL_COLUMNS.length; i++)
        sums[TOTAL_COLUMNS[i] as TotalColumn] += latest.vhosts.value(row, i);
    }
    return sums;
  }

  /** The connections and channels that this user has open. */
  clientsOf(user: string): Pick<Totals, 'connections' | 'channels'> {
    const users = this.moments.latest?.users;
    const row = users?.row(rowKey(user, '')) ?? -1;
    const value = (column: (typeof USER_COLUMNS)[number]) => users?.value(row, USER_COLUMNS.indexOf(column)) ?? 0;
    return { connections: value('connections'), channels: value('channels') };
  }

  /** Null until two samples are there. */
  totalsRates(scope: Scope): TotalsRates | null {
    if (!this.moments.hasRates) return null;
    if (scope === 'broker') {
      const totals = (moment: Moment, column: number) => moment.sample.totals[TOTAL_COLUMNS[column] as TotalColumn];
      return ratesBy<TotalsRates>(TOTALS_RATES, (columns) =>
        this.moments.rate((moment) => columns.reduce((sum, column) => sum + totals(moment, column), 0)),
      );
    }
    const sums = ratesBy<TotalsRates>(TOTALS_RATES, () => 0);
    for (const vhost of scope) {
      const rates = this.ratesOf(vhost);
      for (const name of Object.keys(sums) as (keyof TotalsRates)[]) sums[name] += rates[name];
    }
    return sums;
  }

  /** How much anything of the totals changes per second: gauges may fall. Null until two samples are there. */
  totalsSlope(scope: Scope): ((columns: readonly TotalColumn[], kind?: 'counter' | 'gauge') => number) | null {
    if (!this.moments.hasRates) return null;
    return (columns, kind = 'counter') => {
      if (scope !== 'broker') return scope.reduce((sum, vhost) => sum + this.vhostSlope(vhost, columns, kind), 0);
      const of = (moment: Moment) => totalsSum(moment, columns);
      return kind === 'gauge' ? this.moments.slope(of) : this.moments.rate(of);
    };
  }

  /** How much a figure of the node changes per second. Null until two samples are there. */
  nodeSlope(read: (node: Sample['node']) => number): number | null {
    return this.moments.hasRates ? this.moments.slope(({ sample }) => read(sample.node)) : null;
  }

  /** Null until two samples are there, or when the queue was not in the last one. So for exchanges. */
  queueRates(vhost: string, name: string): QueueRates | null {
    const row = this.queueRow(vhost, name);
    if (!this.moments.hasRates || row < 0) return null;
    return ratesBy(QUEUE_RATES, (places) => this.moments.rowRate('queues', row, places));
  }

  /** How much any column of a queue's row changes per second: gauges may fall. Null until two samples are there. */
  queueSlope(vhost: string, name: string): ((column: QueueColumn) => number) | null {
    const row = this.queueRow(vhost, name);
    if (!this.moments.hasRates || row < 0) return null;
    return (column) =>
      isGauge(column) ? this.moments.rowSlope('queues', row, [queueColumn(column)]) : this.queueRate(row, column);
  }

  exchangeRates(vhost: string, name: string): ExchangeRates | null {
    const row = this.exchangeRow(vhost, name);
    if (!this.moments.hasRates || row < 0) return null;
    return ratesBy(EXCHANGE_RATES, (places) => this.moments.rowRate('exchanges', row, places));
  }

  /** Keys of the queues of the last sample, by their rows. */
  queueKeys(): readonly string[] {
    return this.moments.latest?.queues.keys ?? [];
  }

  /** -1: the queue was not in the last sample. So for exchanges. */
  queueRow(vhost: string, name: string): number {
    return this.moments.latest?.queues.row(rowKey(vhost, name)) ?? -1;
  }

  queueValue(row: number, column: QueueColumn): number {
    return this.moments.latest?.queues.value(row, queueColumn(column)) ?? 0;
  }

  /** Per second; 0 until two samples are there. So for exchanges. */
  queueRate(row: number, column: QueueColumn): number {
    return this.moments.hasRates && row >= 0 ? this.moments.rowRate('queues', row, [queueColumn(column)]) : 0;
  }

  exchangeKeys(): readonly string[] {
    return this.moments.latest?.exchanges.keys ?? [];
  }

  exchangeRow(vhost: string, name: string): number {
    return this.moments.latest?.exchanges.row(rowKey(vhost, name)) ?? -1;
  }

  exchangeValue(row: number, column: ExchangeColumn): number {
    return this.moments.latest?.exchanges.value(row, EXCHANGE_COLUMNS.indexOf(column)) ?? 0;
  }

  exchangeRate(row: number, column: ExchangeColumn): number {
    if (!this.moments.hasRates || row < 0) return 0;
    return this.moments.rowRate('exchanges', row, [EXCHANGE_COLUMNS.indexOf(column)]);
  }

  /** Null: the queue is not there, or came with the last sample. */
  lastMinute(row: number): LastMinute | null {
    const past = this.queuesThen.past(row);
    const spanMs = (this.moments.latest?.atMs ?? 0) - (past?.atMs ?? 0);
    if (past === null || spanMs <= 0) return null;
    const grown = (column: QueueColumn) => increase(past.value(queueColumn(column)), this.queueValue(row, column));
    return {
      spanMs,
      readyThen: past.value(queueColumn('ready')),
      published: grown('published'),
      delivered: grown('delivered'),
      acked: grown('acked'),
      redelivered: grown('redelivered'),
    };
  }

  /** Messages that an exchange could not route in about the last minute. */
  unroutable(row: number): number {
    const past = this.exchangesThen.past(row);
    return past === null ? 0 : increase(past.value(UNROUTABLE), this.exchangeValue(row, 'unroutable'));
  }

  /** See `Histories`. */
  history(of: HistoryOf, spanMs: number, afterMs: number): History | null {
    return this.histories.history(of, spanMs, afterMs);
  }

  course(of: HistoryOf, spanMs: number): History | null {
    return this.histories.course(of, spanMs);
  }

  /** The ready messages of a queue over the last `spanMs`, thinned to at most `points`; empty when it has no series. */
  spark(vhost: string, name: string, spanMs: number, points: number): number[] {
    const history = this.history({ scope: 'queue', vhost, name }, spanMs, 0);
    const ready = history?.values.ready ?? [];
    if (ready.length <= points) return ready;
    return Array.from(
      { length: points },
      (_, i) => ready[Math.round((i * (ready.length - 1)) / (points - 1))] as number,
    );
  }

  private vhostRow(vhost: string): number {
    return this.moments.latest?.vhosts.row(rowKey(vhost, '')) ?? -1;
  }

  private ratesOf(vhost: string): TotalsRates {
    const known = this.vhostRates.get(vhost);
    if (known !== undefined) return known;
    const row = this.vhostRow(vhost);
    const rates = ratesBy<TotalsRates>(TOTALS_RATES, (places) =>
      row < 0 ? 0 : this.moments.rowRate('vhosts', row, places),
    );
    this.vhostRates.set(vhost, rates);
    return rates;
  }

  private vhostSlope(vhost: string, columns: readonly TotalColumn[], kind: 'counter' | 'gauge'): number {
    const row = this.vhostRow(vhost);
    if (row < 0) return 0;
    const indexes = columns.map((column) => TOTAL_COLUMNS.indexOf(column));
    return kind === 'gauge'
      ? this.moments.rowSlope('vhosts', row, indexes)
      : this.moments.rowRate('vhosts', row, indexes);
  }
}

/** `rate`: of columns by their places. */
function ratesBy<R extends Record<keyof R, number>>(
  readings: readonly RowReading[],
  rate: (places: readonly number[]) => number,
): R {
  return Object.fromEntries(readings.map(({ name, columns }) => [name, rate(columns)])) as R;
}

function isGauge(column: QueueColumn): boolean {
  return Object.hasOwn(QUEUE_FIGURES, column) && QUEUE_FIGURES[column as QueueFigure].kind === 'gauge';
}

function totalsSum({ sample }: Moment, columns: readonly TotalColumn[]): number {
  return columns.reduce((sum, column) => sum + sample.totals[column], 0);
}

/** Begins to listen to an engine. Stopping the engine ends it. */
export function startMetrics(engine: Pick<Engine, 'subscribe'>): Metrics {
  const metrics = new Metrics();
  engine.subscribe((sample) => metrics.observe(sample));
  return metrics;
}
