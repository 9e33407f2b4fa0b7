/** What the broker counts, at one moment: plain data that passes between threads once a second. */
import { EXCHANGE_FIGURES } from '../figures/exchange-figures.ts';
import { byTypeNames, counterNames, sampledGauges } from '../figures/figure.ts';
import { QUEUE_FIGURES } from '../figures/queue-figures.ts';
import { USER_FIGURES } from '../figures/user-figures.ts';
import { VHOST_FIGURES } from '../figures/vhost-figures.ts';
import type { NodeNow } from './node.ts';

/** Of a vhost, of several together, and of the whole broker. Counters grow from the broker's start on. */
export const TOTAL_COLUMNS = [
  ...sampledGauges(VHOST_FIGURES),
  ...counterNames(VHOST_FIGURES),
  ...byTypeNames(VHOST_FIGURES),
];
export type TotalColumn = (typeof TOTAL_COLUMNS)[number];
export type Totals = Record<TotalColumn, number>;

/** What a queue is, behind its figures: limits in effect, in messages and bytes, negative where there is none; the sum of its `QUEUE_TRAITS`. */
const QUEUE_FACTS = ['lengthMax', 'bytesMax', 'traits'] as const;
const QUEUE_COUNTED_COLUMNS = [...sampledGauges(QUEUE_FIGURES), ...counterNames(QUEUE_FIGURES)];
export const QUEUE_COLUMNS = [...QUEUE_COUNTED_COLUMNS, ...QUEUE_FACTS];
export type QueueColumn = (typeof QUEUE_COLUMNS)[number];
/** How many columns of a queue tell that something happens in it. */
export const QUEUE_COUNTED = QUEUE_COUNTED_COLUMNS.length;

export const QUEUE_TRAITS = {
  stream: 1,
  /** A full queue takes no more messages; others give up their oldest. */
  refusesWhenFull: 2,
  /** The queue's messages cannot be read. */
  closed: 4,
  /** Dead letters of some queue may come here by today's topology. */
  takesDeadLetters: 8,
  paused: 16,
} as const;

export const EXCHANGE_COLUMNS = [...sampledGauges(EXCHANGE_FIGURES), ...counterNames(EXCHANGE_FIGURES)];
export type ExchangeColumn = (typeof EXCHANGE_COLUMNS)[number];
/** What a user has open; users that have nothing open have no row. */
export const USER_COLUMNS = sampledGauges(USER_FIGURES);

/** Counters of many objects, a row each. Thousands of objects of their own would cost their making every second. */
export interface CounterTable {
  /** What each row is of, as `rowKey` says. The very same array as in the sample before while the objects are the same. */
  keys: readonly string[];
  /** The rows one after the other, each as wide as its columns. */
  values: Float64Array;
}

/** A queue that neither takes nor gives messages, because its log is corrupt. */
export interface ClosedQueue {
  vhost: string;
  name: string;
  reason: string;
}

export interface Sample {
  atMs: number;
  node: NodeNow;
  /** Totals of the whole broker: of its vhosts, of vhosts that are gone, and of connections that have entered none. */
  totals: Totals;
  /** Rows of vhosts, in the order of TOTAL_COLUMNS; the name of a row is empty. */
  vhosts: CounterTable;
  queues: CounterTable;
  exchanges: CounterTable;
  /** Rows of users, in the order of USER_COLUMNS; the name of a row is empty. */
  users: CounterTable;
  closed: ClosedQueue[];
}

/** Names of the tables of a sample. */
export const SAMPLE_TABLES = ['vhosts', 'queues', 'exchanges', 'users'] as const;

export function rowKey(vhost: string, name: string): string {
  return `${vhost}\0${name}`;
}
