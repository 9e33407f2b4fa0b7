import type { NodeNow } from '../../../lib/engine/node.ts';
import {
  type ClosedQueue,
  type CounterTable,
  EXCHANGE_COLUMNS,
  QUEUE_COLUMNS,
  rowKey,
  type Sample,
  TOTAL_COLUMNS,
  type Totals,
  USER_COLUMNS,
} from '../../../lib/engine/sample.ts';

type Counters<Column extends string> = { [column in Column]?: number };

/** Vhosts and users by name, queues and exchanges by `rowKey`; counters that are not said are 0. */
export interface About {
  node?: Partial<NodeNow>;
  totals?: Partial<Totals>;
  vhosts?: Record<string, Partial<Totals>>;
  queues?: Record<string, Counters<(typeof QUEUE_COLUMNS)[number]>>;
  exchanges?: Record<string, Counters<(typeof EXCHANGE_COLUMNS)[number]>>;
  users?: Record<string, Counters<(typeof USER_COLUMNS)[number]>>;
  closed?: ClosedQueue[];
}

function table<Column extends string>(
  columns: readonly Column[],
  rows: Record<string, Counters<Column>> = {},
): CounterTable {
  const values = Object.values(rows).flatMap((row) => columns.map((column) => row[column] ?? 0));
  return { keys: Object.keys(rows), values: Float64Array.from(values) };
}

function byName<T>(rows: Record<string, T> = {}): Record<string, T> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [rowKey(name, ''), row]));
}

export const NODE: NodeNow = {
  node: 'rabbit@here',
  version: '1',
  compatibleWith: '4.2.9',
  clusterName: 'here',
  exchangeTypes: ['direct'],
  startedAtMs: 0,
  amqpPort: 5672,
  amqpsPort: null,
  consolePort: 15672,
  hosts: ['127.0.0.1'],
  dataDir: '/data',
  certificates: null,
  connectionsMax: null,
  connections: 0,
  alarms: [],
  blockedConnections: 0,
  memoryBytesMax: 2 ** 30,
  diskFreeBytesMin: 0,
  messageBytes: 0,
  messageBytesLeft: 2 ** 30,
  residentBytes: 0,
  orphaned: null,
};

/** Limits of a queue that nobody has set. */
const UNLIMITED = { lengthMax: -1, bytesMax: -1 };

export function sample(atMs: number, about: About = {}): Sample {
  const zeros = Object.fromEntries(TOTAL_COLUMNS.map((column) => [column, 0])) as Totals;
  const queues = Object.entries(about.queues ?? {}).map(([key, row]) => [key, { ...UNLIMITED, ...row }]);
  return {
    atMs,
    node: { ...NODE, ...about.node },
    totals: { ...zeros, ...about.totals },
    vhosts: table(TOTAL_COLUMNS, byName(about.vhosts)),
    queues: table(QUEUE_COLUMNS, Object.fromEntries(queues)),
    exchanges: table(EXCHANGE_COLUMNS, about.exchanges),
    users: table(USER_COLUMNS, byName(about.users)),
    closed: about.closed ?? [],
  };
}
