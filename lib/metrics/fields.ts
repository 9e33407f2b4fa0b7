import { EXCHANGE_COLUMNS, QUEUE_COLUMNS, TOTAL_COLUMNS } from '../engine/sample.ts';
import type { SeriesField } from './series.ts';

/** What is kept of a vhost, a queue or an exchange: the sum of columns of its row, by their indexes. */
export interface RowReading extends SeriesField {
  columns: readonly number[];
}

const readings =
  <C extends string>(all: readonly C[]) =>
  (kind: SeriesField['kind'], names: Record<string, readonly C[]>, about: Partial<SeriesField> = {}): RowReading[] =>
    Object.entries(names).map(([name, columns]) => ({
      name,
      kind,
      columns: columns.map((column) => all.indexOf(column)),
      ...about,
    }));

/** Readings of single columns, each under its own name. */
function same<C extends string>(...columns: C[]): Record<string, readonly C[]> {
  return Object.fromEntries(columns.map((column) => [column, [column]]));
}

const FOR_TOOLS = { isForTools: true } as const;
const ofTotals = readings(TOTAL_COLUMNS);
const ofQueue = readings(QUEUE_COLUMNS);
const ofExchange = readings(EXCHANGE_COLUMNS);

export const VHOST_READINGS: readonly RowReading[] = [
  ...ofTotals('gauge', same('ready', 'unacked', 'consumers')),
  ...ofTotals('counter', {
    ...same('published', 'delivered', 'acked', 'redelivered', 'deadLettered'),
    unroutable: ['returned', 'dropped'],
  }),
  ...ofTotals(
    'counter',
    same('confirmed', 'returned', 'dropped', 'deliveredAck', 'deliveredNoAck', 'got', 'gotNoAck', 'gotEmpty'),
    FOR_TOOLS,
  ),
];

/** Readings of the whole broker; figures of the node come behind. */
export const BROKER_READINGS: readonly RowReading[] = [
  ...VHOST_READINGS,
  ...ofTotals('gauge', same('connections')),
  ...ofTotals(
    'counter',
    same(
      'connectionsOpened',
      'connectionsClosed',
      'channelsOpened',
      'channelsClosed',
      'queuesDeclared',
      'queuesCreated',
      'queuesDeleted',
    ),
    FOR_TOOLS,
  ),
];

export const NODE_READINGS: readonly (SeriesField & { name: 'messageBytes' | 'residentBytes' })[] = [
  { name: 'messageBytes', kind: 'gauge' },
  { name: 'residentBytes', kind: 'gauge', isForTools: true },
];

export const QUEUE_READINGS: readonly RowReading[] = [
  ...ofQueue('gauge', same('ready', 'unacked')),
  ...ofQueue('counter', {
    ...same('published', 'delivered', 'acked', 'redelivered'),
    died: ['expired', 'rejected', 'overflowed', 'deliveryLimited'],
    ...same('deadLettersIn'),
  }),
  ...ofQueue('counter', same('deliveredNoAck', 'got', 'gotNoAck', 'gotEmpty'), FOR_TOOLS),
];

export const EXCHANGE_READINGS: readonly RowReading[] = ofExchange(
  'counter',
  same('published', 'routed', 'unroutable'),
);
