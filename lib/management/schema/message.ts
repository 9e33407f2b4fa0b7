/** Messages as they are published and taken for a try. */
import * as z from 'zod';
import type { FetchRequest } from '../../engine/rabbit-facts.ts';
import { jsonObject, seconds } from './json.ts';
import { integer, longInteger, requiredText, jsonObject as sentObject, table, text, written } from './sent-value.ts';

const SETTLES: Record<string, FetchRequest['settle']> = {
  ack_requeue_true: 'requeue',
  ack_requeue_false: 'ack',
  reject_requeue_true: 'requeue',
  reject_requeue_false: 'reject',
};

const encoding = <const T extends string[]>(...names: T) =>
  z.enum(names, { error: ({ input }) => `Unsupported encoding: ${written(input)}` });

export const fetchRequest = z.object({
  count: integer.refine((count) => count >= 0, 'count must not be negative'),
  ackmode: z
    .enum(Object.keys(SETTLES), { error: ({ input }) => `Invalid ackmode value: ${written(input)}` })
    .transform((ackmode) => SETTLES[ackmode] as FetchRequest['settle']),
  encoding: encoding('auto', 'base64'),
  /** Bytes of a payload that are answered. */
  truncate: integer.optional(),
});

const properties = z.object({
  content_type: text.nullish(),
  content_encoding: text.nullish(),
  headers: table.optional(),
  delivery_mode: integer.nullish(),
  priority: integer.nullish(),
  correlation_id: text.nullish(),
  reply_to: text.nullish(),
  expiration: text.nullish(),
  message_id: text.nullish(),
  /** Seconds since 1970. */
  timestamp: longInteger.nullish(),
  type: text.nullish(),
  user_id: text.nullish(),
  app_id: text.nullish(),
  cluster_id: text.nullish(),
});

/** An empty list is an empty object to some tools. */
const sentProperties = sentObject.pipe(properties);

export const publication = z
  .object({
    routing_key: requiredText,
    properties: sentProperties,
    payload: requiredText,
    payload_encoding: encoding('string', 'base64'),
  })
  .refine(
    (message) => message.payload_encoding !== 'base64' || /^[A-Za-z0-9+/]*={0,2}$/.test(message.payload),
    'not_base64',
  );

export const publishResult = z.strictObject({ routed: z.boolean() });

export const messageShape = z
  .strictObject({
    payload_bytes: z.int(),
    redelivered: z.boolean(),
    exchange: z.string(),
    routing_key: z.string(),
    message_count: z.int(),
    properties: z.strictObject({
      content_type: z.string().optional(),
      content_encoding: z.string().optional(),
      headers: jsonObject.optional(),
      delivery_mode: z.int().optional(),
      priority: z.int().optional(),
      correlation_id: z.string().optional(),
      reply_to: z.string().optional(),
      expiration: z.string().optional(),
      message_id: z.string().optional(),
      timestamp: seconds.optional(),
      type: z.string().optional(),
      user_id: z.string().optional(),
      app_id: z.string().optional(),
      cluster_id: z.string().optional(),
    }),
    payload: z.string(),
    payload_encoding: z.enum(['string', 'base64']),
  })
  .meta({ id: 'Message' });

export type MessageRow = z.output<typeof messageShape>;

export type Publication = z.output<typeof publication>;
