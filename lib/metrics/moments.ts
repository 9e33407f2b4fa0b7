/** The last few samples: what is now, and how fast it changes. */
import {
  EXCHANGE_COLUMNS,
  QUEUE_COLUMNS,
  QUEUE_COUNTED,
  type SAMPLE_TABLES,
  type Sample,
  TOTAL_COLUMNS,
  USER_COLUMNS,
} from '../engine/sample.ts';
import { RATE_STEPS } from './history.ts';
import { Rows } from './rows.ts';
import { increase } from './series.ts';

export type Table = (typeof SAMPLE_TABLES)[number];

/** How wide each table is, and how many of its columns tell that something happens. */
const WIDTHS: Record<Table, readonly [width: number, counted: number]> = {
  vhosts: [TOTAL_COLUMNS.length, TOTAL_COLUMNS.length],
  queues: [QUEUE_COLUMNS.length, QUEUE_COUNTED],
  exchanges: [EXCHANGE_COLUMNS.length, EXCHANGE_COLUMNS.length],
  users: [USER_COLUMNS.length, USER_COLUMNS.length],
};

export interface Moment extends Record<Table, Rows> {
  atMs: number;
  sample: Sample;
}

export class Moments {
  private readonly moments: Moment[] = [];

  /** Returns the new one. */
  push(sample: Sample): Moment {
    const { atMs } = sample;
    const before = this.moments.at(-1);
    // A clock set back would make every rate negative: begin again.
    if (before !== undefined && atMs <= before.atMs) this.moments.length = 0;
    const rows = (table: Table): Rows => {
      const [width, counted] = WIDTHS[table];
      return new Rows(sample[table], width, before?.[table], atMs, counted);
    };
    const moment = {
      atMs,
      sample,
      vhosts: rows('vhosts'),
      queues: rows('queues'),
      exchanges: rows('exchanges'),
      users: rows('users'),
    };
    this.moments.push(moment);
    if (this.moments.length > RATE_STEPS + 1) this.moments.shift();
    return moment;
  }

  forgetPast(): void {
    this.moments.splice(0, this.moments.length - 1);
  }

  get latest(): Moment | undefined {
    return this.moments.at(-1);
  }

  /** Undefined until two samples are there. */
  get first(): Moment | undefined {
    return this.moments.length < 2 ? undefined : this.moments[0];
  }

  get hasRates(): boolean {
    return this.moments.length >= 2;
  }

  /** Increase per second; each step apart, so that a restart between two of them costs nothing. */
  rate(read: (moment: Moment) => number): number {
    let grown = 0;
    for (let i = 1; i < this.moments.length; i++)
      grown += increase(read(this.moments[i - 1] as Moment), read(this.moments[i] as Moment));
    return this.perSecond(grown);
  }

  /** Change per second of what may fall. */
  slope(read: (moment: Moment) => number): number {
    return this.perSecond(read(this.latest as Moment) - read(this.moments[0] as Moment));
  }

  /** Increase per second of a row of the latest sample. */
  rowRate(table: Table, row: number, columns: readonly number[]): number {
    let grown = 0;
    let at = row;
    for (let i = this.moments.length - 1; i > 0; i--) {
      const rows = (this.moments[i] as Moment)[table];
      const before = rows.rowBefore(at);
      grown += increase((this.moments[i - 1] as Moment)[table].sum(before, columns), rows.sum(at, columns));
      at = before;
    }
    return this.perSecond(grown);
  }

  rowSlope(table: Table, row: number, columns: readonly number[]): number {
    let at = row;
    for (let i = this.moments.length - 1; i > 0; i--) at = (this.moments[i] as Moment)[table].rowBefore(at);
    const [first, last] = [this.moments[0] as Moment, this.latest as Moment];
    return this.perSecond(last[table].sum(row, columns) - first[table].sum(at, columns));
  }

  private perSecond(change: number): number {
    const [first, last] = [this.moments[0] as Moment, this.latest as Moment];
    return (change * 1000) / (last.atMs - first.atMs);
  }
}
