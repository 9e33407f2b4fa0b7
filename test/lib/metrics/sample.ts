import type { FlowCounters, Totals } from '../../../lib/engine/port.ts';
import { type CounterTable, EXCHANGE_COLUMNS, QUEUE_COLUMNS, type Sample } from '../../../lib/engine/sample.ts';

export function flow(about: Partial<FlowCounters> = {}): FlowCounters {
  return {
    published: 0,
    delivered: 0,
    acked: 0,
    redelivered: 0,
    returned: 0,
    unroutable: 0,
    deadLettered: 0,
    ...about,
  };
}

type Counters<Column extends string> = { [column in Column]?: number };

/** Queues and exchanges by `rowKey`; counters that are not said are 0. */
interface About {
  totals?: Partial<Totals>;
  queues?: Record<string, Counters<(typeof QUEUE_COLUMNS)[number]>>;
  exchanges?: Record<string, Counters<(typeof EXCHANGE_COLUMNS)[number]>>;
}

function table<Column extends string>(
  columns: readonly Column[],
  rows: Record<string, Counters<Column>> = {},
): CounterTable {
  const values = Object.values(rows).flatMap((row) => columns.map((column) => row[column] ?? 0));
  return { keys: Object.keys(rows), values: Float64Array.from(values) };
}

const CHURN = {
  connectionsOpened: 0,
  connectionsClosed: 0,
  channelsOpened: 0,
  channelsClosed: 0,
  queuesDeclared: 0,
  queuesCreated: 0,
  queuesDeleted: 0,
};

export function sample(atMs: number, about: About = {}): Sample {
  const totals: Totals = {
    flow: flow(),
    churn: CHURN,
    handed: { delivered: 0, deliveredNoAck: 0, got: 0, gotNoAck: 0, gotEmpty: 0 },
    confirmed: 0,
    ready: 0,
    unacked: 0,
    connections: 0,
    channels: 0,
    consumers: 0,
    queues: 0,
    exchanges: 0,
    messageBytes: 0,
    residentBytes: 0,
    ...about.totals,
  };
  return {
    atMs,
    totals,
    queues: table(QUEUE_COLUMNS, about.queues),
    exchanges: table(EXCHANGE_COLUMNS, about.exchanges),
  };
}
