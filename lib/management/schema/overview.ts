import * as z from 'zod';
import { exchangeType } from './exchange.ts';
import { CHURN, listener, webContext } from './node.ts';
import { requiredText } from './sent-value.ts';
import { counted } from './stats.ts';

const TOTAL_STATS = [
  'publish',
  'confirm',
  'return_unroutable',
  'drop_unroutable',
  'deliver',
  'deliver_no_ack',
  'get',
  'get_no_ack',
  'get_empty',
  'deliver_get',
  'ack',
  'redeliver',
] as const;

export type TotalStat = (typeof TOTAL_STATS)[number];

const LENGTHS = ['messages', 'messages_ready', 'messages_unacknowledged'] as const;

export type Length = (typeof LENGTHS)[number];

const seconds = z.array(z.int());

export const overviewShape = z
  .strictObject({
    management_version: z.string(),
    rates_mode: z.literal('basic'),
    sample_retention_policies: z.strictObject({ global: seconds, basic: seconds, detailed: seconds }),
    exchange_types: z.array(exchangeType),
    product_name: z.string(),
    product_version: z.string(),
    rabbitmq_version: z.string(),
    cluster_name: z.string(),
    cluster_tags: z.array(z.never()),
    node_tags: z.array(z.never()),
    erlang_version: z.string(),
    erlang_full_version: z.string(),
    crypto_lib_version: z.string(),
    disable_stats: z.boolean(),
    enable_queue_totals: z.boolean(),
    default_queue_type: z.string(),
    is_op_policy_updating_enabled: z.boolean(),
    message_stats: z.strictObject(counted(TOTAL_STATS)),
    churn_rates: z.strictObject(counted(CHURN)),
    queue_totals: z.strictObject(counted(LENGTHS)),
    object_totals: z.strictObject({
      channels: z.int(),
      connections: z.int(),
      consumers: z.int(),
      exchanges: z.int(),
      queues: z.int(),
    }),
    statistics_db_event_queue: z.int(),
    /** The node's name: for monitoring and administrators. */
    node: z.string().optional(),
    listeners: z.array(listener).optional(),
    contexts: z.array(webContext.extend({ node: z.string(), ssl_opts: z.array(z.never()) })).optional(),
  })
  .meta({ id: 'Overview' });

export const clusterName = z.strictObject({ name: z.string() });

/** An empty name is none. */
export const clusterNamePut = z.object({ name: requiredText.refine((name) => name !== '', '[{key_missing,name}]') });

export const oauth = z.strictObject({ oauth_enabled: z.boolean() });

export type OverviewRow = z.output<typeof overviewShape>;

export const version = z.string();
