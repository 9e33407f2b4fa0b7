import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import {
  type ListedQueue,
  type ListPage,
  QUEUE_SORTS,
  QUEUE_STATES,
  type QueueQuestion,
  type QueueRates,
} from '../engine/lists.ts';
import type { QueueDetail } from '../engine/queues.ts';
import { type Trend, trendOf } from '../health/trend.ts';
import type { Desk } from './desk.ts';
import { objectName, queryInteger, shortString, typedTable, vhostName } from './fields.ts';
import { type WithPolicyTexts, withPolicyTexts } from './policy-texts.ts';
import { type Route, route } from './route.ts';

const SPARK_SPAN_MS = 120_000;
const SPARK_POINTS = 40;

/** A line of the list. `spark` is the ready count over the last two minutes. */
export interface QueueRow extends WithPolicyTexts<ListedQueue> {
  spark: number[];
}

export type QueuePage = ListPage<QueueRow>;
export type { QueueSort, QueueState } from '../engine/lists.ts';

/** Figures are of now, rates and trend of the newest sample. */
export interface ShownQueue extends WithPolicyTexts<QueueDetail> {
  /** When rates and trend were taken. */
  atMs: number;
  rates: QueueRates | null;
  trend: Trend;
}

/** What every list of queues is asked by. */
export const queueListInput = {
  vhost: shortString.optional(),
  text: z.string().max(255).default(''),
  sort: z.enum(QUEUE_SORTS).default('name'),
  order: z.enum(['ascending', 'descending']).default('ascending'),
  offset: queryInteger(0, 1_000_000, 0),
  limit: queryInteger(1, 500, 100),
};
const listInput = z.object({ ...queueListInput, state: z.enum(QUEUE_STATES).default('all') });
const NAMES_MAX = 100;

const queueName = z.strictObject({ vhost: vhostName, name: objectName });
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
    run: (desk, actor, { order, ...question }): Promise<QueuePage> =>
      queuePage(desk, actor, { ...question, descending: order === 'descending' }),
  }),
  route({
    method: 'GET',
    path: '/queues/names',
    input: z.object({
      vhost: vhostName,
      text: z.string().max(255).default(''),
      limit: queryInteger(1, NAMES_MAX, 20),
    }),
    allow: 'console',
    run: (desk, actor, question): Promise<ListPage<string>> => desk.engine.lists.queueNames(actor, question),
  }),
  route({
    method: 'GET',
    path: '/queue',
    input: queueName,
    allow: 'console',
    async run(desk, actor, { vhost, name }): Promise<ShownQueue> {
      const queue = withPolicyTexts(await desk.engine.queue(actor, vhost, name));
      return {
        ...queue,
        atMs: desk.metrics.latest()?.atMs ?? 0,
        rates: desk.metrics.queueRates(vhost, name),
        trend: trendOf(queue.ready, desk.metrics.lastMinute(desk.metrics.queueRow(vhost, name))),
      };
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
    input: queueName,
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

/** Bindings that the audit keeps of a queue. */
const KEPT_BINDINGS = 20;

/** What somebody decided of a queue, and what would go with the queue. */
async function declaredQueue(desk: Desk, actor: Actor, { vhost, name }: { vhost: string; name: string }) {
  const queue = await desk.engine.queue(actor, vhost, name);
  const { type, durable, autoDelete, exclusive, ready, unacked } = queue;
  const of = { destinationType: 'queue', destination: name } as const;
  const { rows: bindings } = await desk.engine.bindings(actor, { vhost, of, limit: KEPT_BINDINGS });
  return { type, durable, autoDelete, exclusive, arguments: queue.arguments, ready, unacked, bindings };
}

export async function queuePage(desk: Desk, actor: Actor, question: QueueQuestion): Promise<QueuePage> {
  const page = await desk.engine.lists.queues(actor, question);
  return { ...page, rows: page.rows.map((row) => queueRow(desk, row)) };
}

export function queueRow(desk: Desk, queue: ListedQueue): QueueRow {
  const { vhost, name } = queue;
  return { ...withPolicyTexts(queue), spark: desk.metrics.spark(vhost, name, SPARK_SPAN_MS, SPARK_POINTS) };
}
