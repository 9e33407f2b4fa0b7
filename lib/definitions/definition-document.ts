/** Definitions as the JSON document that RabbitMQ writes and reads. */
import type { DefinitionSet } from '../engine/definitions.ts';
import { jsonTable } from '../fields/json-table.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';

export interface DocumentFacts {
  /** The RabbitMQ release whose format this is. */
  compatibleWith: string;
  /** Warren's own version. */
  version: string;
  clusterName: string;
}

/** The document of a whole broker. */
export function clusterDocument(set: DefinitionSet, facts: DocumentFacts): JsonObject {
  return {
    ...origin(facts),
    rabbitmq_definition_format: 'cluster',
    original_cluster_name: facts.clusterName,
    explanation: `Definitions of cluster '${facts.clusterName}'`,
    users: set.users.map(({ name, passwordHash, hashingAlgorithm, tags, limits }) => {
      return { name, password_hash: passwordHash, hashing_algorithm: hashingAlgorithm, tags, limits };
    }),
    vhosts: set.vhosts.map((vhost) => ({ name: vhost.name, ...vhostFields(vhost) })),
    permissions: set.permissions.map(({ user, vhost, configure, write, read }) => {
      return { user, vhost, configure, write, read };
    }),
    topic_permissions: set.topicPermissions.map(({ user, vhost, exchange, write, read }) => {
      return { user, vhost, exchange, write, read };
    }),
    global_parameters: set.globalParameters.map(({ name, value }) => ({ name, value })),
    ...inVhosts(set),
  };
}

/** The document of one vhost, without its name in the entries: it can go into any vhost. */
export function vhostDocument(set: DefinitionSet, facts: DocumentFacts): JsonObject {
  const [vhost] = set.vhosts;
  const withoutVhost = ({ vhost: _, ...fields }: JsonObject): JsonObject => fields;
  const lists = Object.entries(inVhosts(set)).map(([list, entries]) => [list, entries.map(withoutVhost)] as const);
  return {
    ...origin(facts),
    rabbitmq_definition_format: 'single_virtual_host',
    original_vhost_name: vhost?.name ?? '',
    explanation: `Definitions of virtual host '${vhost?.name ?? ''}'`,
    ...(vhost && vhostFields(vhost)),
    ...Object.fromEntries(lists),
  };
}

function origin({ compatibleWith, version }: DocumentFacts): JsonObject {
  return {
    rabbit_version: compatibleWith,
    rabbitmq_version: compatibleWith,
    product_name: 'Warren',
    product_version: version,
  };
}

function vhostFields(vhost: DefinitionSet['vhosts'][number]): JsonObject {
  const { description, tags, defaultQueueType, protectedFromDeletion, limits } = vhost;
  const fields = {
    description,
    tags,
    // RabbitMQ 3.10 takes no null here.
    ...(defaultQueueType !== null && { default_queue_type: defaultQueueType }),
  };
  return { ...fields, metadata: { ...fields, protected_from_deletion: protectedFromDeletion }, limits };
}

function inVhosts(set: DefinitionSet): { [list: string]: JsonObject[] } {
  return {
    parameters: set.parameters.map(({ vhost, component, name, value }) => ({ vhost, component, name, value })),
    policies: set.policies.map(({ vhost, name, pattern, applyTo, definition, priority }) => {
      return { vhost, name, pattern, 'apply-to': applyTo, definition, priority };
    }),
    queues: set.queues.map((queue) => {
      const table = jsonTable(queue.arguments);
      const { vhost, name, durable, autoDelete } = queue;
      const type: JsonValue = table['x-queue-type'] ?? 'classic';
      return { vhost, name, durable, auto_delete: autoDelete, arguments: table, type };
    }),
    exchanges: set.exchanges.map(({ vhost, name, type, durable, autoDelete, internal, arguments: args }) => {
      return { vhost, name, type, durable, auto_delete: autoDelete, internal, arguments: jsonTable(args) };
    }),
    bindings: set.bindings.map(({ vhost, source, destination, destinationType, routingKey, arguments: args }) => {
      const ends = { vhost, source, destination, destination_type: destinationType, routing_key: routingKey };
      return { ...ends, arguments: jsonTable(args) };
    }),
  };
}
