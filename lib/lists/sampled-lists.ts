/**
 * Long lists over any broker that gives samples: names come from the broker, so that a list is never older than the last
 * change; figures and their order are those of the newest sample, so that what is shown together is of one moment; and
 * only what is shown is described. What the sample does not have is asked as a key beside the names.
 */

import type { Actor } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import type {
  ExchangeQuestion,
  ExchangeSort,
  ListedExchange,
  ListedQueue,
  ListPage,
  Lists,
  QueueQuestion,
  QueueSort,
  QueueState,
} from '../engine/lists.ts';
import type { QueueInfo } from '../engine/queues.ts';
import type { ExchangeField, QualifiedName, QueueField, Sorting, SortKey, SortKeys } from '../engine/sort-keys.ts';
import { isForDeadLetters, messagesIn } from '../health/health.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { firstOf } from './first-of.ts';

/** How a list is sorted: by a column that the sample has, or by a key of the broker; null: by name. */
type Order<F> =
  | { value: (metrics: Metrics, row: number) => number }
  | { field: F; rank: (key: SortKey) => SortKey }
  | null;

const asItIs = (key: SortKey): SortKey => key;

const QUEUE_ORDERS: Record<QueueSort, Order<QueueField>> = {
  name: null,
  ready: { value: (metrics, row) => metrics.queueValue(row, 'ready') },
  unacked: { value: (metrics, row) => metrics.queueValue(row, 'unacked') },
  total: { value: messagesIn },
  published: { value: (metrics, row) => metrics.queueRate(row, 'published') },
  delivered: { value: (metrics, row) => metrics.queueRate(row, 'delivered') },
  acked: { value: (metrics, row) => metrics.queueRate(row, 'acked') },
  dying: { value: (metrics, row) => metrics.queueRate(row, 'deadLettersIn') },
  consumers: { value: (metrics, row) => metrics.queueValue(row, 'consumers') },
  // By age: the older, the more; a queue without messages has no age at all.
  oldest: { field: 'oldestReadyAtMs', rank: (atMs) => (atMs === null ? null : -Number(atMs)) },
};

const EXCHANGE_ORDERS: Record<ExchangeSort, Order<ExchangeField>> = {
  name: null,
  type: { field: 'type', rank: asItIs },
  bindings: { field: 'bindingCount', rank: asItIs },
  published: { value: (metrics, row) => metrics.exchangeRate(row, 'published') },
  routed: { value: (metrics, row) => metrics.exchangeRate(row, 'routed') },
  unroutable: { value: (metrics, row) => metrics.exchangeValue(row, 'unroutable') },
};

const IN_STATE: Record<QueueState, (metrics: Metrics, row: number) => boolean> = {
  all: () => true,
  messages: (metrics, row) => messagesIn(metrics, row) > 0,
  unconsumed: (metrics, row) => metrics.queueValue(row, 'consumers') === 0,
  'dead-letters': isForDeadLetters,
};

/** What a list is made of: all that the actor may see, parallel columns. */
interface Roll {
  vhosts: string[];
  names: string[];
  keys: SortKey[];
}

export class SampledLists implements Lists {
  private readonly engine: Sorting;
  private readonly metrics: Metrics;

  constructor(engine: Sorting, metrics: Metrics) {
    this.engine = engine;
    this.metrics = metrics;
  }

  async queues(actor: Actor, question: QueueQuestion): Promise<ListPage<ListedQueue>> {
    const { metrics } = this;
    const order = QUEUE_ORDERS[question.sort];
    const roll = rollOf(await this.engine.listQueueKeys(actor, fieldOf(order), question.vhost), actor, question.vhost);
    const rowAt = (index: number) => metrics.queueRow(roll.vhosts[index] as string, roll.names[index] as string);
    const isWanted = IN_STATE[question.state];
    const matching = indexesWith(roll.names, question.text).filter((index) => isWanted(metrics, rowAt(index)));
    const shown = cut(matching, roll, question, valuesBy(order, metrics, roll, rowAt));
    const rows = await this.queuesNamed(
      actor,
      shown.map((index) => nameAt(roll, index)),
    );
    return { rows, total: roll.names.length, matching: matching.length };
  }

  async queuesNamed(actor: Actor, wanted: readonly QualifiedName[]): Promise<ListedQueue[]> {
    if (wanted.length === 0) return [];
    return (await this.engine.queuesNamed(actor, [...wanted])).map((queue) => this.queueRow(queue));
  }

  async queueNames(
    actor: Actor,
    { vhost, text, limit }: { vhost: string; text: string; limit: number },
  ): Promise<ListPage<string>> {
    const roll = rollOf(await this.engine.listQueueKeys(actor, null, vhost), actor, vhost);
    const matching = indexesWith(roll.names, text);
    const shown = cut(matching, roll, { descending: false, offset: 0, limit }, null);
    return {
      rows: shown.map((index) => roll.names[index] as string),
      total: roll.names.length,
      matching: matching.length,
    };
  }

  async exchanges(actor: Actor, question: ExchangeQuestion): Promise<ListPage<ListedExchange>> {
    const { engine, metrics } = this;
    const order = EXCHANGE_ORDERS[question.sort];
    const roll = rollOf(await engine.listExchangeKeys(actor, fieldOf(order), question.vhost), actor, question.vhost);
    const rowAt = (index: number) => metrics.exchangeRow(roll.vhosts[index] as string, roll.names[index] as string);
    const matching = indexesWith(roll.names, question.text).filter(
      (index) => !question.ownOnly || !isPredeclared(roll.names[index] as string),
    );
    const shown = cut(matching, roll, question, valuesBy(order, metrics, roll, rowAt));
    const wanted = shown.map((index) => nameAt(roll, index));
    const found = wanted.length === 0 ? [] : await engine.exchangesNamed(actor, wanted);
    const rows = found.map((exchange) => ({
      ...exchange,
      rates: metrics.exchangeRates(exchange.vhost, exchange.name),
    }));
    return { rows, total: roll.names.length, matching: matching.length };
  }

  /** A queue that came after the sample has the figures that it came with. */
  private queueRow(queue: QueueInfo): ListedQueue {
    const { vhost, name } = queue;
    return { ...queue, ...this.metrics.queueNow(vhost, name), rates: this.metrics.queueRates(vhost, name) };
  }
}

function fieldOf<F>(order: Order<F>): F | null {
  return order !== null && 'field' in order ? order.field : null;
}

function rollOf(groups: readonly SortKeys[], actor: Actor, vhost: string | undefined): Roll {
  if (vhost !== undefined && groups.length === 0)
    throw new EngineError('ACCESS_REFUSED', `access to vhost '${vhost}' refused for user '${actor.user}'`);
  return {
    vhosts: groups.flatMap((group) => group.names.map(() => group.vhost)),
    names: groups.flatMap(({ names }) => names),
    keys: groups.flatMap(({ keys }) => keys),
  };
}

function nameAt({ vhosts, names }: Roll, index: number): QualifiedName {
  return { vhost: vhosts[index] as string, name: names[index] as string };
}

function indexesWith(names: readonly string[], text: string): number[] {
  const part = text.toLowerCase();
  const indexes: number[] = [];
  for (let index = 0; index < names.length; index++) {
    if (part === '' || (names[index] as string).toLowerCase().includes(part)) indexes.push(index);
  }
  return indexes;
}

/** What the name at an index is sorted by; null: names alone. */
function valuesBy<F>(
  order: Order<F>,
  metrics: Metrics,
  { names, keys }: Roll,
  rowAt: (index: number) => number,
): ((index: number) => SortKey) | null {
  if (order === null) return null;
  if ('field' in order) return (index) => order.rank(keys[index] ?? null);
  const known = new Float64Array(names.length).fill(Number.NaN);
  return (index) => {
    if (Number.isNaN(known[index])) known[index] = order.value(metrics, rowAt(index));
    return known[index] as number;
  };
}

/** Ties keep the order of names whatever the direction, so that equal rows do not change places. */
function cut(
  indexes: readonly number[],
  { vhosts, names }: Roll,
  { descending, offset, limit }: { descending: boolean; offset: number; limit: number },
  value: ((index: number) => SortKey) | null,
): number[] {
  const direction = descending ? -1 : 1;
  const byName = (a: number, b: number) => compare(names[a], names[b]) || compare(vhosts[a], vhosts[b]);
  const before =
    value === null
      ? (a: number, b: number) => direction * byName(a, b)
      : (a: number, b: number) => direction * compare(value(a), value(b)) || byName(a, b);
  return firstOf(indexes, offset + limit, before).slice(offset);
}

/** Nothing comes before everything. */
function compare(a: SortKey | undefined, b: SortKey | undefined): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  return a < b ? -1 : 1;
}

function isPredeclared(exchange: string): boolean {
  return exchange === '' || exchange.startsWith('amq.');
}
