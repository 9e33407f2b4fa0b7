import * as z from 'zod';
import { consumerShape } from './consumer.ts';
import { messageStats } from './stats.ts';

const row = z.strictObject({
  name: z.string(),
  number: z.int(),
  node: z.string(),
  user: z.string(),
  user_who_performed_action: z.string(),
  vhost: z.string(),
  connection_details: z.strictObject({ name: z.string(), peer_host: z.string(), peer_port: z.int() }),
  state: z.enum(['running', 'flow', 'closing']),
  consumer_count: z.int(),
  confirm: z.boolean(),
  transactional: z.boolean(),
  prefetch_count: z.int(),
  global_prefetch_count: z.int(),
  messages_unacknowledged: z.int(),
  messages_unconfirmed: z.int(),
  messages_uncommitted: z.int(),
  acks_uncommitted: z.int(),
  idle_since: z.iso.datetime().optional(),
  message_stats: messageStats.optional(),
});

export const channelShape = row.meta({ id: 'Channel' });

export const channelDetail = row
  .extend({
    consumer_details: z.array(consumerShape),
    publishes: z.array(z.never()),
    deliveries: z.array(z.never()),
  })
  .meta({ id: 'ChannelDetail' });

export type ChannelRow = z.output<typeof channelShape>;
