/** The series of everything that has one, and the histories that are read from them. Their number is bounded. */
import { rowKey, type Sample, TOTAL_COLUMNS } from '../engine/sample.ts';
import { BROKER_READINGS, EXCHANGE_READINGS, NODE_READINGS, QUEUE_READINGS, VHOST_READINGS } from './fields.ts';
import { courseOf, type History, historyOf } from './history.ts';
import type { Moment } from './moments.ts';
import type { Rows } from './rows.ts';
import { DAY, Series } from './series.ts';
import { SeriesSet } from './series-set.ts';

const QUEUE_SERIES_MAX = 500;
const EXCHANGE_SERIES_MAX = 200;
const VHOST_SERIES_MAX = 200;
const VHOST_COLUMNS = VHOST_READINGS.flatMap(({ columns }) => columns);

/** What is looked at together: the whole broker, or vhosts by their names. */
export type Scope = 'broker' | readonly string[];

export type HistoryOf = { scope: 'totals'; of: Scope } | { scope: 'queue' | 'exchange'; vhost: string; name: string };

export class Histories {
  private readonly broker = new Series([...BROKER_READINGS, ...NODE_READINGS], DAY);
  private readonly vhosts = new SeriesSet(VHOST_READINGS, VHOST_SERIES_MAX, DAY);
  private readonly queues = new SeriesSet(QUEUE_READINGS, QUEUE_SERIES_MAX);
  private readonly exchanges = new SeriesSet(EXCHANGE_READINGS, EXCHANGE_SERIES_MAX);
  private nowMs = 0;
  private vhostRows: Rows | undefined;

  observe({ atMs, sample, vhosts, queues, exchanges }: Moment): void {
    this.nowMs = atMs;
    this.vhostRows = vhosts;
    this.broker.observe(atMs, brokerRow(sample));
    this.vhosts.observe(atMs, vhosts);
    this.queues.observe(atMs, queues);
    this.exchanges.observe(atMs, exchanges);
  }

  /** Points newer than `afterMs` and not older than `spanMs`; null for what has no series. */
  history(of: HistoryOf, spanMs: number, afterMs: number): History | null {
    const series = this.seriesOf(of);
    return series === null ? null : historyOf(series, spanMs, Math.max(afterMs, this.nowMs - spanMs));
  }

  /** How figures went up to the last sample, as exactly as it is known, over `spanMs` or more; null for what has no series. */
  course(of: HistoryOf, spanMs: number): History | null {
    const series = this.seriesOf(of);
    return series === null ? null : courseOf(series, spanMs);
  }

  private seriesOf(of: HistoryOf): Series[] | null {
    if (of.scope === 'totals') return of.of === 'broker' ? [this.broker] : this.seriesOfVhosts(of.of);
    const one = (of.scope === 'queue' ? this.queues : this.exchanges).find(rowKey(of.vhost, of.name));
    return one === undefined ? null : [one];
  }

  /** Null: not all vhosts have a series. A vhost in which nothing ever happened needs none: it adds nothing. */
  private seriesOfVhosts(vhosts: readonly string[]): Series[] | null {
    const found: Series[] = [];
    for (const vhost of vhosts) {
      const key = rowKey(vhost, '');
      const series = this.vhosts.find(key);
      if (series !== undefined) found.push(series);
      else if (this.vhostRows?.sum(this.vhostRows.row(key), VHOST_COLUMNS) !== 0) return null;
    }
    return found;
  }
}

/** The broker's row, in the order of BROKER_READINGS and NODE_READINGS. */
function brokerRow({ totals, node }: Sample): number[] {
  const values = TOTAL_COLUMNS.map((column) => totals[column]);
  return [
    ...BROKER_READINGS.map(({ columns }) => columns.reduce((sum, column) => sum + (values[column] as number), 0)),
    ...NODE_READINGS.map(({ name }) => node[name]),
  ];
}
