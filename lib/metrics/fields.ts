import type { Totals } from '../engine/port.ts';
import { EXCHANGE_COLUMNS, QUEUE_COLUMNS } from '../engine/sample.ts';
import type { SeriesField } from './series.ts';

/** What is kept of the whole broker, and how it is read from a sample. */
interface TotalsReading extends SeriesField {
  read(from: Totals): number;
}

/** What is kept of a queue or an exchange: the sum of columns of its row, by their places. */
export interface RowReading extends SeriesField {
  columns: readonly number[];
}

export const TOTALS_READINGS: readonly TotalsReading[] = [
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
  ...forTools('counter', {
    confirmed: (t) => t.confirmed,
    returned: (t) => t.flow.returned,
    dropped: (t) => t.flow.unroutable,
    deliveredAck: (t) => t.handed.delivered,
    deliveredNoAck: (t) => t.handed.deliveredNoAck,
    got: (t) => t.handed.got,
    gotNoAck: (t) => t.handed.gotNoAck,
    gotEmpty: (t) => t.handed.gotEmpty,
    connectionsOpened: (t) => t.churn.connectionsOpened,
    connectionsClosed: (t) => t.churn.connectionsClosed,
    channelsOpened: (t) => t.churn.channelsOpened,
    channelsClosed: (t) => t.churn.channelsClosed,
    queuesDeclared: (t) => t.churn.queuesDeclared,
    queuesCreated: (t) => t.churn.queuesCreated,
    queuesDeleted: (t) => t.churn.queuesDeleted,
  }),
  ...forTools('gauge', { residentBytes: (t) => t.residentBytes }),
];

function forTools(kind: SeriesField['kind'], fields: Record<string, (from: Totals) => number>): TotalsReading[] {
  return Object.entries(fields).map(([name, read]) => ({ name, kind, read, isForTools: true }));
}

const ofQueue = (...names: (typeof QUEUE_COLUMNS)[number][]) => names.map((name) => QUEUE_COLUMNS.indexOf(name));
const ofExchange = (...names: (typeof EXCHANGE_COLUMNS)[number][]) =>
  names.map((name) => EXCHANGE_COLUMNS.indexOf(name));

export const QUEUE_READINGS: readonly RowReading[] = [
  { name: 'ready', kind: 'gauge', columns: ofQueue('ready') },
  { name: 'unacked', kind: 'gauge', columns: ofQueue('unacked') },
  { name: 'published', kind: 'counter', columns: ofQueue('published') },
  { name: 'delivered', kind: 'counter', columns: ofQueue('delivered') },
  { name: 'acked', kind: 'counter', columns: ofQueue('acked') },
  { name: 'redelivered', kind: 'counter', columns: ofQueue('redelivered') },
  { name: 'died', kind: 'counter', columns: ofQueue('expired', 'rejected', 'overflowed', 'deliveryLimited') },
  { name: 'deadLettersIn', kind: 'counter', columns: ofQueue('deadLettersIn') },
  ...(['deliveredNoAck', 'got', 'gotNoAck', 'gotEmpty'] as const).map(
    (name): RowReading => ({ name, kind: 'counter', columns: ofQueue(name), isForTools: true }),
  ),
];

/** Of the queues of a vhost together: these columns of theirs are added up, and each is one of the vhost's. */
export const VHOST_COLUMNS = ofQueue('ready', 'unacked');
export const VHOST_READINGS: readonly RowReading[] = [
  { name: 'ready', kind: 'gauge', columns: [0] },
  { name: 'unacked', kind: 'gauge', columns: [1] },
];

export const EXCHANGE_READINGS: readonly RowReading[] = [
  { name: 'published', kind: 'counter', columns: ofExchange('published') },
  { name: 'routed', kind: 'counter', columns: ofExchange('routed') },
  { name: 'unroutable', kind: 'counter', columns: ofExchange('unroutable') },
];
