import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import { type ListedQueue, type ListPage, QUEUE_SORTS, QUEUE_STATES, type QueueQuestion } from '../engine/lists.ts';
import type { QueueDetail } from '../engine/queues.ts';
import type { QueueRates } from '../figures/queue-figures.ts';
import { type Trend, trendOf } from '../health/trend.ts';
import { objectName, shortString, vhostName } from '../operations/fields.ts';
import { declareQueue, deleteQueue, pauseQueue, purgeQueue, resumeQueue } from '../operations/queues.ts';
import type { Desk } from './desk.ts';
import { queryInteger } from './fields.ts';
import { type WithPolicyTexts, withPolicyTexts } from './policy-texts.ts';
import { acting, type Routes, route } from './route.ts';

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

export const queueRoutes = {
  'GET /queues': route({
    input: listInput,
    run: (desk, actor, { order, ...question }): Promise<QueuePage> =>
      queuePage(desk, actor, { ...question, descending: order === 'descending' }),
  }),
  'GET /queues/names': route({
    input: z.object({
      vhost: vhostName,
      text: z.string().max(255).default(''),
      limit: queryInteger(1, NAMES_MAX, 20),
    }),
    run: (desk, actor, question): Promise<ListPage<string>> => desk.engine.lists.queueNames(actor, question),
  }),
  'GET /queue': route({
    input: z.strictObject({ vhost: vhostName, name: objectName }),
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
  'POST /queue': acting(declareQueue),
  'DELETE /queue': acting(deleteQueue),
  'POST /queue/purge': acting(purgeQueue),
  'POST /queue/pause': acting(pauseQueue),
  'POST /queue/resume': acting(resumeQueue),
} satisfies Routes;

export async function queuePage(desk: Desk, actor: Actor, question: QueueQuestion): Promise<QueuePage> {
  const page = await desk.engine.lists.queues(actor, question);
  return { ...page, rows: page.rows.map((row) => queueRow(desk, row)) };
}

export function queueRow(desk: Desk, queue: ListedQueue): QueueRow {
  const { vhost, name } = queue;
  return { ...withPolicyTexts(queue), spark: desk.metrics.spark(vhost, name, SPARK_SPAN_MS, SPARK_POINTS) };
}
