/** What the broker counts, at one moment: plain data that passes between threads once a second. */
import type { Totals } from './port.ts';

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
] as const;

export const EXCHANGE_COLUMNS = ['published', 'routed', 'unroutable'] as const;

/** Counters of many objects, a row each. Thousands of objects of their own would cost their making every second. */
export interface CounterTable {
  /** What each row is of, as `rowKey` says. The very same array as in the sample before while the objects are the same. */
  keys: readonly string[];
  /** The rows one after the other, each as wide as its columns. */
  values: Float64Array;
}

export interface Sample {
  atMs: number;
  totals: Totals;
  queues: CounterTable;
  exchanges: CounterTable;
}

export function rowKey(vhost: string, name: string): string {
  return `${vhost}\0${name}`;
}
