/** What queues count under RabbitMQ's names, and by what each column is sorted, so that no row need be built for it. */
import type { QueueCounters } from '../engine/queues.ts';
import type { QueueField, SortKey } from '../engine/sort-keys.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { QueueStat } from './schema/queue.ts';
import type { Terms } from './stats.ts';

type CounterOf = (counter: keyof QueueCounters) => number;

interface MessageStat {
  name: QueueStat;
  field: QueueField;
  /** The figure, from figures of one kind: counters or their rates. */
  read(of: CounterOf): number;
  /** The figure's terms in the history. */
  series: Terms;
}

const plain = (name: QueueStat, counter: keyof QueueCounters): MessageStat => ({
  name,
  field: counter,
  read: (of) => of(counter),
  series: counter,
});

export const MESSAGE_STATS: readonly MessageStat[] = [
  plain('publish', 'published'),
  plain('deliver_get', 'delivered'),
  {
    name: 'deliver',
    field: 'deliveredAck',
    read: (of) => of('delivered') - of('deliveredNoAck') - of('got') - of('gotNoAck'),
    series: { add: ['delivered'], less: ['deliveredNoAck', 'got', 'gotNoAck'] },
  },
  plain('deliver_no_ack', 'deliveredNoAck'),
  plain('get', 'got'),
  plain('get_no_ack', 'gotNoAck'),
  plain('get_empty', 'gotEmpty'),
  plain('ack', 'acked'),
  plain('redeliver', 'redelivered'),
];

const LENGTHS: Readonly<Record<string, QueueField & ('messages' | 'ready' | 'unacked')>> = {
  messages: 'messages',
  messages_ready: 'ready',
  messages_unacknowledged: 'unacked',
};

const FIELDS: Readonly<Record<string, QueueField>> = {
  ...LENGTHS,
  type: 'type',
  durable: 'durable',
  auto_delete: 'autoDelete',
  exclusive: 'exclusive',
  policy: 'policy',
  operator_policy: 'operatorPolicy',
  message_bytes: 'messageBytes',
  message_bytes_ready: 'readyBytes',
  message_bytes_unacknowledged: 'unackedBytes',
  consumers: 'consumers',
  consumer_capacity: 'consumerCapacity',
  consumer_utilisation: 'consumerCapacity',
  single_active_consumer_tag: 'singleActiveConsumer',
};

/** How queues are sorted by one column. */
export interface QueueOrder {
  /** The field that the engine has to read of each queue; null: nothing but its name. */
  field: QueueField | null;
  value(key: SortKey, vhost: string, name: string): unknown;
}

/** Undefined where only the row tells. */
export function queueOrder(column: string, metrics: Metrics): QueueOrder | undefined {
  if (column === 'name') return { field: null, value: (_key, _vhost, name) => name };
  if (column === 'vhost') return { field: null, value: (_key, vhost) => vhost };
  if (column === 'state') return { field: 'closedReason', value: (key) => (key === null ? 'running' : 'crashed') };
  if (Object.hasOwn(FIELDS, column)) return { field: FIELDS[column] as QueueField, value: (key) => key };
  if (column === 'idle_since')
    return { field: 'idleSinceMs', value: (key, vhost, name) => key ?? metrics.queueIdleSince(vhost, name) };
  const [group, name, ...rest] = column.split('.');
  if (group === 'arguments' && name !== undefined && rest.length === 0)
    return { field: `argument.${name}`, value: (key) => key };
  return group === 'message_stats' ? statOrder(name, rest, metrics) : lengthOrder(group, name, rest, metrics);
}

function statOrder(name: string | undefined, rest: string[], metrics: Metrics): QueueOrder | undefined {
  const stat = MESSAGE_STATS.find((one) => name === one.name || name === `${one.name}_details`);
  if (stat === undefined) return undefined;
  if (name === stat.name && rest.length === 0) return { field: stat.field, value: (key) => key };
  if (name === stat.name || rest.join('.') !== 'rate') return undefined;
  return {
    field: stat.field,
    value(key, vhost, queue) {
      if (key === null) return undefined;
      const slope = metrics.queueSlope(vhost, queue);
      return slope === null ? 0 : stat.read(slope);
    },
  };
}

/** The order by `messages_details.rate` and by the rates of the other lengths. */
function lengthOrder(
  group: string | undefined,
  name: string | undefined,
  rest: string[],
  metrics: Metrics,
): QueueOrder | undefined {
  const length = group?.endsWith('_details') ? LENGTHS[group.slice(0, -'_details'.length)] : undefined;
  if (length === undefined || name !== 'rate' || rest.length > 0) return undefined;
  return { field: null, value: (_key, vhost, queue) => lengthRate(length, metrics, vhost, queue) };
}

/** Messages per second; falls below 0. */
export function lengthRate(
  length: 'messages' | 'ready' | 'unacked',
  metrics: Metrics,
  vhost: string,
  queue: string,
): number {
  const slope = metrics.queueSlope(vhost, queue);
  if (slope === null) return 0;
  return length === 'messages' ? slope('ready') + slope('unacked') : slope(length);
}
