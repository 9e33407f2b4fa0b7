/** What queues are sorted by, read from the broker in this thread without describing them. */
import { findField } from '../../amqp/field-table.ts';
import type { Queue } from '../../broker/queue.ts';
import { QueueCounters } from '../../broker/queue-counters.ts';
import type { Vhost } from '../../broker/vhost.ts';
import { jsonTable } from '../../fields/json-table.ts';
import { floatValue } from '../../json/json-value.ts';
import { writeJson } from '../../json/write-json.ts';
import type { Actor } from '../port.ts';
import type { QUEUE_FIELDS, QueueField, QueueKey, QueueKeys, QueueSorting } from '../queue-keys.ts';
import { typedTable } from '../typed-table.ts';
import { queueInfo } from './views.ts';

type Read = (queue: Queue) => QueueKey;

const ARGUMENT = 'argument.';
const READ: Readonly<Record<(typeof QUEUE_FIELDS)[number], Read>> = {
  type: ({ options }) => options.type,
  durable: ({ durable }) => durable,
  autoDelete: ({ autoDelete }) => autoDelete,
  exclusive: ({ owner }) => owner !== null,
  closedReason: ({ closedReason }) => closedReason,
  policy: ({ policy }) => policy?.policy ?? null,
  operatorPolicy: ({ policy }) => policy?.operatorPolicy ?? null,
  messages: ({ readyCount, unackedCount }) => readyCount + unackedCount,
  ready: ({ readyCount }) => readyCount,
  unacked: ({ unackedCount }) => unackedCount,
  messageBytes: ({ readyBytes, unackedBytes }) => readyBytes + unackedBytes,
  readyBytes: ({ readyBytes }) => readyBytes,
  unackedBytes: ({ unackedBytes }) => unackedBytes,
  consumers: ({ consumers }) => consumers.all.length,
  consumerCapacity: ({ consumers }) => consumers.capacity,
  singleActiveConsumer: ({ consumers }) => consumers.active?.tag ?? null,
  idleSinceMs: ({ idleSinceMs }) => idleSinceMs,
  deliveredAck: ({ counters }) => {
    const { delivered, deliveredNoAck, got, gotNoAck } = counters;
    return isUsed(counters) ? delivered - deliveredNoAck - got - gotNoAck : null;
  },
};
const COUNTERS = Object.keys(new QueueCounters()) as (keyof QueueCounters)[];

/** `visible`: the vhosts that the actor may look into. */
export function createQueueSorting(visible: (actor: Actor) => Vhost[]): QueueSorting {
  return {
    async listQueueKeys(actor, field, vhost) {
      const read = field === null ? null : reader(field);
      return visible(actor)
        .filter(({ name }) => vhost === undefined || name === vhost)
        .map((one) => keysOf(one, read));
    },

    async queuesNamed(actor, wanted) {
      const vhosts = new Map(visible(actor).map((vhost) => [vhost.name, vhost]));
      return wanted.flatMap(({ vhost, name }) => {
        const queue = vhosts.get(vhost)?.queues.get(name);
        return queue === undefined ? [] : [queueInfo(queue)];
      });
    },
  };
}

function keysOf({ name, queues }: Vhost, read: Read | null): QueueKeys {
  const names = [...queues.keys()];
  const keys: QueueKey[] = [];
  if (read !== null) for (const queue of queues.values()) keys.push(read(queue));
  return { vhost: name, names, keys };
}

function reader(field: QueueField): Read {
  if (Object.hasOwn(READ, field)) return READ[field as keyof typeof READ];
  if (field.startsWith(ARGUMENT)) return argumentReader(field.slice(ARGUMENT.length));
  const counter = COUNTERS.find((name) => name === field);
  if (counter === undefined) return () => null;
  return ({ counters }) => (isUsed(counters) ? counters[counter] : null);
}

function isUsed({ published, delivered, gotEmpty }: QueueCounters): boolean {
  return published + delivered + gotEmpty > 0;
}

function argumentReader(name: string): Read {
  return ({ arguments: args }) => {
    const field = findField(args, name);
    if (field === undefined) return null;
    const value = jsonTable(typedTable([[name, field]]))[name] ?? null;
    if (typeof value === 'bigint') return Number(value);
    if (typeof value !== 'object' || value === null) return value;
    return floatValue(value) ?? writeJson(value);
  };
}
