/** Exchanges: their declaration and their rows. */
import * as z from 'zod';
import { jsonObject } from './json.ts';
import { said } from './list.ts';
import { flagOr, table, textOr } from './sent-value.ts';
import { counted } from './stats.ts';

export const exchangeDeclaration = z.object({
  type: textOr('direct'),
  durable: flagOr(true),
  auto_delete: flagOr(false),
  internal: flagOr(false),
  arguments: table.prefault({}),
});

export const exchangeDeleteQuery = z.object({ 'if-unused': said('true: only when nothing is bound to it.') });

const row = z.strictObject({
  name: z.string(),
  vhost: z.string(),
  type: z.string(),
  durable: z.boolean(),
  auto_delete: z.boolean(),
  internal: z.boolean(),
  arguments: jsonObject,
  policy: z.string().nullable(),
  user_who_performed_action: z.string().optional(),
  messages_delayed: z.int().optional(),
  message_stats: z.strictObject(counted(['publish_in', 'publish_out'])).optional(),
});

export const exchangeShape = row.meta({ id: 'Exchange' });

export const exchangeDetail = row
  .extend({ incoming: z.array(z.never()), outgoing: z.array(z.never()) })
  .meta({ id: 'ExchangeDetail' });

export const exchangeType = z.strictObject({ name: z.string(), description: z.string(), enabled: z.boolean() });

export type ExchangeRow = z.output<typeof exchangeShape>;

export type ExchangeType = z.output<typeof exchangeType>;
