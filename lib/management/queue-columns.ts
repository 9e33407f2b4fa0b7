/** What queues count under RabbitMQ's names, and by what each column is sorted, so that no row need be built for it. */
import type { QueueField, SortKey } from '../engine/sort-keys.ts';
import { type Figure, rabbitFigures, sumOf, type Terms, termsOf } from '../figures/figure.ts';
import { QUEUE_FIGURES, type QueueCounters, type QueueFigure } from '../figures/queue-figures.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Length } from './schema/overview.ts';
import type { QueueStat } from './schema/queue.ts';

interface MessageStat {
  name: QueueStat;
  field: QueueFigure;
  /** Names in the counters, their rates and the history. */
  terms: Terms<keyof QueueCounters>;
  way: Figure['way'];
}

/** What lengths are made of. */
type LengthGauge = 'ready' | 'unacked';

export const MESSAGE_STATS: readonly MessageStat[] = rabbitFigures(QUEUE_FIGURES, 'message_stats').map(
  ({ rabbit, name, figure }) => ({
    name: rabbit,
    field: name,
    terms: termsOf(name, figure) as Terms<keyof QueueCounters>,
    way: figure.way,
  }),
);

/** How long a queue is. */
export const LENGTHS: readonly { name: Length; terms: Terms<LengthGauge> }[] = Object.entries<Figure>(
  QUEUE_FIGURES,
).flatMap(([name, figure]) =>
  figure.kind === 'gauge' && figure.unit === 'messages'
    ? [{ name: figure.rabbit as Length, terms: termsOf(name, figure) as Terms<LengthGauge> }]
    : [],
);

const FIELDS: Readonly<Record<string, QueueField>> = {
  ...Object.fromEntries(
    Object.entries<Figure>(QUEUE_FIGURES)
      .filter(([, { kind }]) => kind === 'gauge')
      .map(([name, { rabbit }]) => [rabbit, name]),
  ),
  consumer_utilisation: 'consumerCapacity',
  type: 'type',
  durable: 'durable',
  auto_delete: 'autoDelete',
  exclusive: 'exclusive',
  policy: 'policy',
  operator_policy: 'operatorPolicy',
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
      return slope === null ? 0 : sumOf(stat.terms, slope);
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
  if (!group?.endsWith('_details') || name !== 'rate' || rest.length > 0) return undefined;
  const length = LENGTHS.find((one) => group === `${one.name}_details`);
  if (length === undefined) return undefined;
  return {
    field: null,
    value(_key, vhost, queue) {
      const slope = metrics.queueSlope(vhost, queue);
      return slope === null ? 0 : sumOf(length.terms, slope);
    },
  };
}
