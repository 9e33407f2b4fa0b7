import * as z from 'zod';
import { flag, tags, text } from './sent-value.ts';
import { counted, messageStats } from './stats.ts';

/** What is left out keeps its value, or gets the default in a new vhost. */
export const vhostPut = z.object({
  description: text.nullish(),
  tags: tags.nullish(),
  default_queue_type: text.nullish(),
  /** The default type of queue as older tools write it. */
  defaultqueuetype: text.nullish(),
  protected_from_deletion: flag.nullish(),
  tracing: flag.nullish(),
});

export const vhostShape = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    default_queue_type: z.string(),
    metadata: z.strictObject({
      description: z.string(),
      tags: z.array(z.string()),
      default_queue_type: z.string(),
    }),
    tracing: z.boolean(),
    protected_from_deletion: z.boolean(),
    cluster_state: z.record(z.string(), z.string()),
    ...counted(['messages', 'messages_ready', 'messages_unacknowledged', 'recv_oct', 'send_oct']),
    message_stats: messageStats.optional(),
  })
  .meta({ id: 'Vhost' });

export type VhostRow = z.output<typeof vhostShape>;
