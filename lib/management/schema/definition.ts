/** The document that definitions are exported as and imported from. */
import * as z from 'zod';
import type { JsonObject } from '../../json/json-value.ts';
import { HASHING_ALGORITHMS } from '../../users/hashing-algorithm.ts';
import { json, jsonObject, limits } from './json.ts';

/** Not there in the document of one vhost. */
const vhost = z.string().optional();

const metadata = z.strictObject({
  description: z.string(),
  tags: z.array(z.string()),
  default_queue_type: z.string().optional(),
  protected_from_deletion: z.boolean(),
});

const inEveryDocument = {
  rabbit_version: z.string(),
  rabbitmq_version: z.string(),
  product_name: z.string(),
  product_version: z.string(),
  explanation: z.string(),
  parameters: z.array(z.strictObject({ vhost, component: z.string(), name: z.string(), value: json })),
  policies: z.array(
    z.strictObject({
      ...{ vhost, name: z.string(), pattern: z.string(), 'apply-to': z.string() },
      ...{ definition: jsonObject, priority: z.int() },
    }),
  ),
  queues: z.array(
    z.strictObject({
      ...{ vhost, name: z.string(), durable: z.boolean(), auto_delete: z.boolean() },
      ...{ arguments: jsonObject, type: json },
    }),
  ),
  exchanges: z.array(
    z.strictObject({
      ...{ vhost, name: z.string(), type: z.string(), durable: z.boolean(), auto_delete: z.boolean() },
      ...{ internal: z.boolean(), arguments: jsonObject },
    }),
  ),
  bindings: z.array(
    z.strictObject({
      ...{ vhost, source: z.string(), destination: z.string(), destination_type: z.enum(['queue', 'exchange']) },
      ...{ routing_key: z.string(), arguments: jsonObject },
    }),
  ),
};

const ofVhost = {
  description: z.string(),
  tags: z.array(z.string()),
  default_queue_type: z.string().optional(),
  metadata,
  limits,
};

export const clusterDefinitions = z
  .strictObject({
    rabbitmq_definition_format: z.literal('cluster'),
    original_cluster_name: z.string(),
    users: z.array(
      z.strictObject({
        ...{ name: z.string(), password_hash: z.string(), hashing_algorithm: z.enum(HASHING_ALGORITHMS) },
        ...{ tags: z.array(z.string()), limits },
      }),
    ),
    vhosts: z.array(z.strictObject({ name: z.string(), ...ofVhost })),
    permissions: z.array(
      z.strictObject({
        ...{ user: z.string(), vhost: z.string(), configure: z.string(), write: z.string(), read: z.string() },
      }),
    ),
    topic_permissions: z.array(
      z.strictObject({
        ...{ user: z.string(), vhost: z.string(), exchange: z.string(), write: z.string(), read: z.string() },
      }),
    ),
    global_parameters: z.array(z.strictObject({ name: z.string(), value: json })),
    ...inEveryDocument,
  })
  .meta({ id: 'ClusterDefinitions' });

export const vhostDefinitions = z
  .strictObject({
    rabbitmq_definition_format: z.literal('single_virtual_host'),
    original_vhost_name: z.string(),
    ...ofVhost,
    ...inEveryDocument,
  })
  .meta({ id: 'VhostDefinitions' });

/** What an import reads is checked entry by entry, so that an error can name its entry. */
export const sentDefinitions = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null)
  .meta({ type: 'object', description: 'Definitions as an export has them; what is left out has its default.' });
