/** Queues: their declaration and their rows. */
import * as z from 'zod';
import { rabbitFigures } from '../../figures/figure.ts';
import { QUEUE_FIGURES } from '../../figures/queue-figures.ts';
import { consumerShape } from './consumer.ts';
import { jsonObject, seconds } from './json.ts';
import { said } from './list.ts';
import { flagOr, table, text } from './sent-value.ts';
import { counted } from './stats.ts';

export const queueDeclaration = z.object({
  durable: flagOr(true),
  auto_delete: flagOr(false),
  arguments: table.prefault({}),
});

/** There is no mirror to bring up to date, and these two do no harm. */
export const queueAction = z.object({ action: text });

export const queueDeleteQuery = z.object({
  'if-unused': said('true: only when the queue has no consumers.'),
  'if-empty': said('true: only when the queue has no messages.'),
});

const STATS = rabbitFigures(QUEUE_FIGURES, 'message_stats').map(({ rabbit }) => rabbit);
export type QueueStat = (typeof STATS)[number];

const bare = z.strictObject({
  name: z.string(),
  vhost: z.string(),
  type: z.enum(['classic', 'quorum', 'stream']),
  durable: z.boolean(),
  auto_delete: z.boolean(),
  exclusive: z.boolean(),
  arguments: jsonObject,
  node: z.string(),
  state: z.enum(['running', 'crashed']),
  policy: z.string().optional(),
  leader: z.string().optional(),
  members: z.array(z.string()).optional(),
  online: z.array(z.string()).optional(),
});

const withTotals = bare.extend({
  messages: z.int(),
  messages_ready: z.int(),
  messages_unacknowledged: z.int(),
});

const full = bare.extend({
  policy: z.string().nullable(),
  operator_policy: z.string().nullable(),
  effective_policy_definition: jsonObject,
  ...counted(['messages', 'messages_ready', 'messages_unacknowledged']),
  consumers: z.int(),
  consumer_capacity: z.number(),
  consumer_utilisation: z.number(),
  exclusive_consumer_tag: z.string().nullable(),
  single_active_consumer_tag: z.string().nullable(),
  message_bytes: z.int(),
  message_bytes_ready: z.int(),
  message_bytes_unacknowledged: z.int(),
  idle_since: z.iso.datetime().optional(),
  message_stats: z.strictObject(counted(STATS)).partial().optional(),
  /** Dead letters that wait until another queue takes them. */
  messages_dlx: z.int().optional(),
  /** Consumers by node. */
  readers: z.record(z.string(), z.int()).optional(),
  segments: z.int().optional(),
  first_offset: z.int().optional(),
  next_offset: z.int().optional(),
});

/** A queue, without its figures where the query does not want them. */
export const queueShape = z.union([full, withTotals, bare]).meta({ id: 'Queue' });

const more = {
  head_message_timestamp: seconds.nullable(),
  owner_pid_details: z.strictObject({ name: z.string(), peer_host: z.string(), peer_port: z.int() }).optional(),
  consumer_details: z.array(consumerShape),
  deliveries: z.array(z.never()),
  incoming: z.array(z.never()),
};

export const queueDetail = z
  .union([full.extend(more), withTotals.extend(more), bare.extend(more)])
  .meta({ id: 'QueueDetail' });

export type QueueRow = z.output<typeof queueShape>;
