/** What the broker counts, at one moment: plain data that passes between threads once a second. */
import type { NodeNow } from './node.ts';

/** What is counted of a vhost, of several together, and of the whole broker. Counters grow from the broker's start on. */
export const TOTAL_COLUMNS = [
  'ready',
  'unacked',
  'consumers',
  'queues',
  'exchanges',
  'connections',
  'channels',
  /** Messages that came in; deliveries of all kinds, acks, deliveries that were not the first. */
  'published',
  'delivered',
  'acked',
  'redelivered',
  /** Unroutable: given back to the publisher, and dropped without a word. */
  'returned',
  'dropped',
  'deadLettered',
  'confirmed',
  /** Deliveries one by one: to consumers and to basic.get, with acknowledgement and without; gets that found nothing. */
  'deliveredAck',
  'deliveredNoAck',
  'got',
  'gotNoAck',
  'gotEmpty',
  'connectionsOpened',
  'connectionsClosed',
  'channelsOpened',
  'channelsClosed',
  /** Declared: all declarations that succeeded; created: the ones that made a queue. */
  'queuesDeclared',
  'queuesCreated',
  'queuesDeleted',
] as const;
export type TotalColumn = (typeof TOTAL_COLUMNS)[number];
export type Totals = Record<TotalColumn, number>;

/** Behind what a queue counts stands what it is, from `lengthMax` on. */
export const QUEUE_COLUMNS = [
  'ready',
  'unacked',
  'published',
  'delivered',
  'acked',
  'redelivered',
  'expired',
  'rejected',
  'overflowed',
  'deliveryLimited',
  'deadLettersIn',
  'consumers',
  'deliveredNoAck',
  'got',
  'gotNoAck',
  'gotEmpty',
  'readyBytes',
  /** The limits in effect, in messages and bytes; negative: none. */
  'lengthMax',
  'bytesMax',
  /** The sum of the queue's `QUEUE_TRAITS`. */
  'traits',
] as const;
/** How many columns of a queue tell that something happens in it. */
export const QUEUE_COUNTED = QUEUE_COLUMNS.indexOf('lengthMax');

export const QUEUE_TRAITS = {
  stream: 1,
  /** A full queue takes no more messages; others give up their oldest. */
  refusesWhenFull: 2,
  /** The queue's messages cannot be read. */
  closed: 4,
  /** Dead letters of some queue may come here by today's topology. */
  takesDeadLetters: 8,
} as const;

export const EXCHANGE_COLUMNS = ['published', 'routed', 'unroutable'] as const;
/** What a user has open; users that have nothing open have no row. */
export const USER_COLUMNS = ['connections', 'channels'] as const;

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
