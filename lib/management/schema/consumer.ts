import * as z from 'zod';
import { jsonObject } from './json.ts';

export const consumerShape = z
  .strictObject({
    consumer_tag: z.string(),
    active: z.boolean(),
    activity_status: z.enum(['up', 'single_active', 'waiting']),
    ack_required: z.boolean(),
    exclusive: z.boolean(),
    prefetch_count: z.int(),
    arguments: jsonObject,
    /** Milliseconds. */
    consumer_timeout: z.union([z.int(), z.literal('undefined')]),
    queue: z.strictObject({ name: z.string(), vhost: z.string() }),
    channel_details: z.strictObject({
      name: z.string(),
      number: z.int(),
      connection_name: z.string(),
      peer_host: z.string(),
      peer_port: z.int(),
      node: z.string(),
      user: z.string(),
    }),
  })
  .meta({ id: 'Consumer' });

export type ConsumerRow = z.output<typeof consumerShape>;
