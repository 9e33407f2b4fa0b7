import type { QueueSample, Totals } from '../engine/port.ts';
import type { SeriesField } from './series.ts';

/** What is kept of the whole broker, of a queue and of an exchange, and how it is read from a sample. */
interface Reading<T> extends SeriesField {
  read(from: T): number;
}

export interface ExchangeSample {
  published: number;
  routed: number;
  unroutable: number;
}

export const TOTALS_READINGS: readonly Reading<Totals>[] = [
  { name: 'ready', kind: 'gauge', read: (t) => t.ready },
  { name: 'unacked', kind: 'gauge', read: (t) => t.unacked },
  { name: 'connections', kind: 'gauge', read: (t) => t.connections },
  { name: 'consumers', kind: 'gauge', read: (t) => t.consumers },
  { name: 'messageBytes', kind: 'gauge', read: (t) => t.messageBytes },
  { name: 'published', kind: 'counter', read: (t) => t.flow.published },
  { name: 'delivered', kind: 'counter', read: (t) => t.flow.delivered },
  { name: 'acked', kind: 'counter', read: (t) => t.flow.acked },
  { name: 'redelivered', kind: 'counter', read: (t) => t.flow.redelivered },
  { name: 'unroutable', kind: 'counter', read: (t) => t.flow.returned + t.flow.unroutable },
  { name: 'deadLettered', kind: 'counter', read: (t) => t.flow.deadLettered },
];

export const QUEUE_READINGS: readonly Reading<QueueSample>[] = [
  { name: 'ready', kind: 'gauge', read: (q) => q.ready },
  { name: 'unacked', kind: 'gauge', read: (q) => q.unacked },
  { name: 'published', kind: 'counter', read: (q) => q.published },
  { name: 'delivered', kind: 'counter', read: (q) => q.delivered },
  { name: 'acked', kind: 'counter', read: (q) => q.acked },
  { name: 'redelivered', kind: 'counter', read: (q) => q.redelivered },
  { name: 'died', kind: 'counter', read: (q) => q.expired + q.rejected + q.overflowed + q.deliveryLimited },
  { name: 'deadLettersIn', kind: 'counter', read: (q) => q.deadLettersIn },
];

export const EXCHANGE_READINGS: readonly Reading<ExchangeSample>[] = [
  { name: 'published', kind: 'counter', read: (e) => e.published },
  { name: 'routed', kind: 'counter', read: (e) => e.routed },
  { name: 'unroutable', kind: 'counter', read: (e) => e.unroutable },
];
