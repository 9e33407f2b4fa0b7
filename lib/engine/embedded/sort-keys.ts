/** What queues and exchanges are sorted by, read from the broker in this thread without describing them. */
import { findField } from '../../amqp/field-table.ts';
import type { Exchange } from '../../broker/exchanges/exchange.ts';
import type { Queue } from '../../broker/queues/queue.ts';
import type { Vhost } from '../../broker/vhosts/vhost.ts';
import { jsonTable } from '../../fields/json-table.ts';
import { QUEUE_FIGURES, type QueueCounters, type QueueFigure } from '../../figures/queue-figures.ts';
import { floatValue } from '../../json/json-value.ts';
import { writeJson } from '../../json/write-json.ts';
import type { Actor } from '../actor.ts';
import type { ExchangeField, QualifiedName, QueueFact, QueueField, Sorting, SortKey, SortKeys } from '../sort-keys.ts';
import { queueFigure } from './queue-gauges.ts';
import { typedTable } from './typed-table.ts';
import { exchangeInfo, queueInfo } from './views.ts';

type Read = (queue: Queue) => SortKey;

const ARGUMENT = 'argument.';
const READ: Readonly<Record<QueueFact, Read>> = {
  type: ({ options }) => options.type,
  durable: ({ durable }) => durable,
  autoDelete: ({ autoDelete }) => autoDelete,
  exclusive: ({ owner }) => owner !== null,
  closedReason: ({ closedReason }) => closedReason,
  policy: ({ policy }) => policy?.policy ?? null,
  operatorPolicy: ({ policy }) => policy?.operatorPolicy ?? null,
  singleActiveConsumer: ({ consumers }) => consumers.active?.tag ?? null,
  idleSinceMs: ({ idleSinceMs }) => idleSinceMs,
  oldestReadyAtMs: (queue) => (queue.closedReason === null ? queue.oldestReadyAtMs() : null),
};
const READ_EXCHANGE: Readonly<Record<ExchangeField, (exchange: Exchange) => SortKey>> = {
  type: ({ options }) => options.type,
  bindingCount: ({ bindings }) => bindings.size,
};

/** `visible`: the vhosts that the actor may look into. */
export function createSorting(visible: (actor: Actor) => Vhost[]): Sorting {
  const asked = (actor: Actor, vhost: string | undefined): Vhost[] =>
    visible(actor).filter(({ name }) => vhost === undefined || name === vhost);
  const named = <T>(
    actor: Actor,
    wanted: QualifiedName[],
    find: (vhost: Vhost, name: string) => T | undefined,
  ): T[] => {
    const vhosts = new Map(visible(actor).map((vhost) => [vhost.name, vhost]));
    return wanted.flatMap(({ vhost, name }) => {
      const of = vhosts.get(vhost);
      const found = of && find(of, name);
      return found === undefined ? [] : [found];
    });
  };
  return {
    async listQueueKeys(actor, field, vhost) {
      const read = field === null ? null : reader(field);
      return asked(actor, vhost).map(({ name, queues }) => keysOf(name, queues, read));
    },

    async queuesNamed(actor, wanted) {
      return named(actor, wanted, (vhost, name) => {
        const queue = vhost.queues.get(name);
        return queue && queueInfo(queue, vhost);
      });
    },

    async listExchangeKeys(actor, field, vhost) {
      const read = field === null ? null : READ_EXCHANGE[field];
      return asked(actor, vhost).map(({ name, exchanges }) => keysOf(name, exchanges, read));
    },

    async exchangesNamed(actor, wanted) {
      return named(actor, wanted, ({ exchanges }, name) => {
        const exchange = exchanges.get(name);
        return exchange && exchangeInfo(exchange);
      });
    },
  };
}

function keysOf<T>(vhost: string, things: ReadonlyMap<string, T>, read: ((thing: T) => SortKey) | null): SortKeys {
  const keys: SortKey[] = [];
  if (read !== null) for (const thing of things.values()) keys.push(read(thing));
  return { vhost, names: [...things.keys()], keys };
}

function reader(field: QueueField): Read {
  if (Object.hasOwn(READ, field)) return READ[field as keyof typeof READ];
  if (field.startsWith(ARGUMENT)) return argumentReader(field.slice(ARGUMENT.length));
  if (!Object.hasOwn(QUEUE_FIGURES, field)) return () => null;
  const name = field as QueueFigure;
  const read = queueFigure(name);
  return QUEUE_FIGURES[name].kind === 'gauge' ? read : (queue) => (isUsed(queue.counters) ? read(queue) : null);
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
