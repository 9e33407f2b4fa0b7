import * as z from 'zod';
import type { Actor, QueueDetail, QueueInfo } from '../engine/port.ts';
import type { QueueRates } from '../metrics/metrics.ts';
import type { Desk } from './desk.ts';
import { objectName, queryInteger, shortString, typedTable, vhostName } from './fields.ts';
import { type WithPolicyTexts, withPolicyTexts } from './policy-texts.ts';
import { type Route, route } from './route.ts';

const TREND_SPAN_MS = 120_000;
const TREND_POINTS = 40;

export type ShownQueue = WithPolicyTexts<QueueDetail> & { rates: QueueRates | null };

/** A line of the list. `trend` is the ready count over the last two minutes. */
export interface QueueRow extends WithPolicyTexts<QueueInfo> {
  rates: QueueRates | null;
  trend: number[];
}

export interface QueuePage {
  rows: QueueRow[];
  /** Queues the user may see, and those among them that the filter lets through. */
  total: number;
  matched: number;
}

export const QUEUE_SORTS = [
  'name',
  'ready',
  'unacked',
  'total',
  'published',
  'delivered',
  'acked',
  'oldest',
  'consumers',
] as const;
export type QueueSort = (typeof QUEUE_SORTS)[number];
export const QUEUE_STATES = ['all', 'messages', 'unconsumed'] as const;
export type QueueState = (typeof QUEUE_STATES)[number];

const listInput = z.object({
  vhost: shortString.optional(),
  text: z.string().max(255).default(''),
  state: z.enum(QUEUE_STATES).default('all'),
  sort: z.enum(QUEUE_SORTS).default('name'),
  order: z.enum(['ascending', 'descending']).default('ascending'),
  offset: queryInteger(0, 1_000_000, 0),
  limit: queryInteger(1, 500, 100),
});

const place = z.strictObject({ vhost: vhostName, name: objectName });
const declaration = z.strictObject({
  vhost: vhostName,
  name: shortString,
  durable: z.boolean(),
  autoDelete: z.boolean(),
  arguments: typedTable,
});
const deletion = z.strictObject({
  vhost: vhostName,
  name: objectName,
  unused: z.boolean().default(false),
  empty: z.boolean().default(false),
});

export const queueRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/queues',
    input: listInput,
    allow: 'console',
    async run(desk, actor, input): Promise<QueuePage> {
      const all = (await desk.listings.queues(actor)).filter(
        (queue) => input.vhost === undefined || queue.vhost === input.vhost,
      );
      const text = input.text.toLowerCase();
      const matched = all.filter(
        (queue) => (text === '' || queue.name.toLowerCase().includes(text)) && isInState(queue, input.state),
      );
      const sorted = sortQueues(desk, matched, input.sort, input.order === 'descending');
      const rows = sorted.slice(input.offset, input.offset + input.limit).map((queue) => queueRow(desk, queue));
      return { rows, total: all.length, matched: matched.length };
    },
  }),
  route({
    method: 'GET',
    path: '/queue',
    input: place,
    allow: 'console',
    async run(desk, actor, { vhost, name }): Promise<ShownQueue> {
      const queue = withPolicyTexts(await desk.engine.queue(actor, vhost, name));
      return { ...queue, rates: desk.metrics.queueRates(vhost, name) };
    },
  }),
  route({
    method: 'POST',
    path: '/queue',
    input: declaration,
    allow: 'console',
    run: (desk, actor, input) => desk.engine.declareQueue(actor, input),
    subject: declaredQueue,
    audit: (input, output) => ({
      action: 'queue.declare',
      vhost: input.vhost,
      object: output?.name ?? input.name,
      detail: output?.created === false ? 'was there already' : '',
    }),
  }),
  route({
    method: 'DELETE',
    path: '/queue',
    input: deletion,
    allow: 'console',
    async run(desk, actor, { vhost, name, unused, empty }) {
      return { messages: await desk.engine.deleteQueue(actor, vhost, name, { unused, empty }) };
    },
    subject: declaredQueue,
    audit: ({ vhost, name }, output) => ({
      action: 'queue.delete',
      vhost,
      object: name,
      detail: output === undefined ? '' : `${output.messages} messages went with it`,
    }),
  }),
  route({
    method: 'POST',
    path: '/queue/purge',
    input: place,
    allow: 'console',
    async run(desk, actor, { vhost, name }) {
      return { messages: await desk.engine.purgeQueue(actor, vhost, name) };
    },
    subject: async (desk, actor, { vhost, name }) => ({ ready: (await desk.engine.queue(actor, vhost, name)).ready }),
    audit: ({ vhost, name }, output) => ({
      action: 'queue.purge',
      vhost,
      object: name,
      detail: output === undefined ? '' : `${output.messages} messages removed`,
    }),
  }),
];

/** What somebody decided of a queue, and what would go with it. */
async function declaredQueue(desk: Desk, actor: Actor, { vhost, name }: { vhost: string; name: string }) {
  const queue = await desk.engine.queue(actor, vhost, name);
  const { type, durable, autoDelete, exclusive, ready, unacked, bindings } = queue;
  return { type, durable, autoDelete, exclusive, arguments: queue.arguments, ready, unacked, bindings };
}

export function queueRow(desk: Desk, queue: QueueInfo): QueueRow {
  return {
    ...withPolicyTexts(queue),
    rates: desk.metrics.queueRates(queue.vhost, queue.name),
    trend: desk.metrics.trend(queue.vhost, queue.name, TREND_SPAN_MS, TREND_POINTS),
  };
}

function isInState(queue: QueueInfo, state: QueueState): boolean {
  if (state === 'messages') return queue.ready + queue.unacked > 0;
  if (state === 'unconsumed') return queue.consumers === 0;
  return true;
}

/** Ties keep the order of names whatever the direction, so that equal rows do not change places. */
function sortQueues(desk: Desk, queues: QueueInfo[], sort: QueueSort, descending: boolean): QueueInfo[] {
  const byName = (a: QueueInfo, b: QueueInfo) => compare(a.name, b.name) || compare(a.vhost, b.vhost);
  const direction = descending ? -1 : 1;
  if (sort === 'name') return queues.toSorted((a, b) => direction * byName(a, b));
  const values = new Map(queues.map((queue) => [queue, sortValue(desk, queue, sort)]));
  return queues.toSorted((a, b) => direction * ((values.get(a) as number) - (values.get(b) as number)) || byName(a, b));
}

function sortValue(desk: Desk, queue: QueueInfo, sort: Exclude<QueueSort, 'name'>): number {
  switch (sort) {
    case 'total':
      return messagesIn(queue);
    case 'oldest':
      // By age: the older, the more; a queue without messages has no age at all.
      return queue.oldestReadyAtMs === null ? Number.NEGATIVE_INFINITY : -queue.oldestReadyAtMs;
    case 'published':
    case 'delivered':
    case 'acked':
      return desk.metrics.queueRates(queue.vhost, queue.name)?.[sort] ?? 0;
    default:
      return queue[sort];
  }
}

/** What a stream's consumers have not settled is among what it keeps. */
function messagesIn(queue: QueueInfo): number {
  return queue.stream === null ? queue.ready + queue.unacked : queue.ready;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
