/**
 * The part of the port that administers a broker: vhosts, users, permissions, policies, parameters and limits.
 * Every command checks the actor's tags itself: ACCESS_REFUSED with RabbitMQ's words (`Not administrator user`).
 * NOT_FOUND: the vhost, user or policy that is named does not exist. INVALID_REQUEST: a value that cannot be, in
 * RabbitMQ's words, such as `Validation failed\n\n-1 is not a valid maximum length\n`.
 * Changes hold for connections that are open; when a promise resolves they are stored.
 */
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { HashingAlgorithm } from '../users/hashing-algorithm.ts';
import type { Actor } from './actor.ts';
import type { ChannelCounters, ConnectionCounters } from './clients.ts';

/** Limits by RabbitMQ's names, such as `max-connections`; a negative one is none. */
export type Limits = Record<string, number | bigint>;

export interface VhostInfo {
  name: string;
  description: string;
  tags: string[];
  /** Null: classic. */
  defaultQueueType: string | null;
  protectedFromDeletion: boolean;
  /** The vhost's messages are copied to amq.rabbitmq.trace. */
  tracing: boolean;
  /** `max-connections`, `max-queues`. */
  limits: Limits;
  /** Messages and connections in the vhost now. */
  ready: number;
  unacked: number;
  connections: number;
  /** What was done in the vhost since the broker's start, in messages, and per second. */
  counters: ChannelCounters;
  rates: ChannelCounters;
  /** What went over the sockets of the vhost's clients. */
  octets: ConnectionCounters;
  octetRates: ConnectionCounters;
}

/** What is left out keeps its value, or gets the default in a new vhost. */
export interface VhostPut {
  name: string;
  description?: string;
  tags?: string[];
  /** `classic`, `quorum` or `stream`; null: classic. */
  defaultQueueType?: string | null;
  protectedFromDeletion?: boolean;
  /** Whether the vhost's messages are copied to amq.rabbitmq.trace; off again after a restart. */
  tracing?: boolean;
}

/** A user with the hash of its password: for administrators only. */
export interface UserInfo {
  name: string;
  tags: string[];
  /** base64(salt[4] ‖ hash(salt ‖ password)); empty: no login by password. */
  passwordHash: string;
  hashingAlgorithm: HashingAlgorithm;
  /** `max-connections`, `max-channels`. */
  limits: Limits;
}

/** Either `password` or `passwordHash`; neither of them: the user cannot log in by password. */
export interface UserPut {
  name: string;
  password?: string;
  passwordHash?: string;
  /** The algorithm of `passwordHash`; left out: SHA-256. */
  hashingAlgorithm?: HashingAlgorithm;
  /** At most 32 tags. */
  tags: string[];
}

/** An object, with why one of its patterns cannot be used and so matches nothing; left out where all can. */
export type WithProblem<T> = T & { patternProblem?: string };

/** Unanchored regular expressions (PCRE's); '' matches nothing. */
export interface PermissionInfo {
  user: string;
  vhost: string;
  configure: string;
  write: string;
  read: string;
}

/** On routing keys of one topic exchange; `{username}` and `{vhost}` stand for the user's own. */
export interface TopicPermissionInfo {
  user: string;
  vhost: string;
  exchange: string;
  write: string;
  read: string;
}

export type PolicyKind = 'policy' | 'operator_policy';

export interface PolicyInfo {
  vhost: string;
  name: string;
  pattern: string;
  /** `all`, `queues`, `classic_queues`, `quorum_queues`, `streams` or `exchanges`. */
  applyTo: string;
  priority: number;
  definition: JsonObject;
}

/** A policy as it was asked for; the broker checks every value and says all that is wrong. */
export interface PolicyPut {
  vhost: string;
  name: string;
  pattern: JsonValue;
  /** Left out: all. */
  applyTo?: JsonValue;
  /** Left out: 0. */
  priority?: JsonValue;
  definition: JsonValue;
}

/** A runtime parameter of a component: `vhost-limits` or `operator_policy`. */
export interface ParameterInfo {
  component: string;
  vhost: string;
  name: string;
  value: JsonValue;
}

export interface GlobalParameterInfo {
  name: string;
  value: JsonValue;
}

export interface Administration {
  /** Vhosts that the actor may see: all for administrators and monitoring, else those it may enter. */
  listVhostInfos(actor: Actor): Promise<VhostInfo[]>;
  vhost(actor: Actor, name: string): Promise<VhostInfo>;
  putVhost(actor: Actor, vhost: VhostPut): Promise<{ created: boolean }>;
  /** Deletes a vhost with everything in it and closes its connections. PRECONDITION_FAILED while it is protected. */
  deleteVhost(actor: Actor, name: string): Promise<void>;

  listUsers(actor: Actor): Promise<UserInfo[]>;
  user(actor: Actor, name: string): Promise<UserInfo>;
  putUser(actor: Actor, user: UserPut): Promise<{ created: boolean }>;
  /** Deletes a user with all its permissions and closes its connections. */
  deleteUser(actor: Actor, name: string): Promise<void>;

  listPermissions(actor: Actor): Promise<WithProblem<PermissionInfo>[]>;
  putPermission(actor: Actor, permission: PermissionInfo): Promise<{ created: boolean }>;
  deletePermission(actor: Actor, vhost: string, user: string): Promise<void>;
  listTopicPermissions(actor: Actor): Promise<WithProblem<TopicPermissionInfo>[]>;
  putTopicPermission(actor: Actor, permission: TopicPermissionInfo): Promise<{ created: boolean }>;
  /** Without `exchange`: the permissions for all exchanges of the vhost. */
  deleteTopicPermissions(actor: Actor, vhost: string, user: string, exchange?: string): Promise<void>;

  /** Policies of the vhosts that the actor may see. */
  listPolicies(actor: Actor, kind: PolicyKind): Promise<WithProblem<PolicyInfo>[]>;
  policy(actor: Actor, kind: PolicyKind, vhost: string, name: string): Promise<WithProblem<PolicyInfo>>;
  /** Policies are for policymakers of the vhost, operator policies for administrators. */
  putPolicy(actor: Actor, kind: PolicyKind, policy: PolicyPut): Promise<{ created: boolean }>;
  deletePolicy(actor: Actor, kind: PolicyKind, vhost: string, name: string): Promise<void>;

  /** One limit; what there is stands in VhostInfo. */
  putVhostLimit(actor: Actor, vhost: string, name: string, value: JsonValue): Promise<void>;
  /** One that is not there is fine. */
  deleteVhostLimit(actor: Actor, vhost: string, name: string): Promise<void>;
  /** One limit; what there is stands in UserInfo. */
  putUserLimit(actor: Actor, user: string, name: string, value: JsonValue): Promise<void>;
  deleteUserLimit(actor: Actor, user: string, name: string): Promise<void>;

  /** Operator policies and vhost limits, as definitions carry them; of the vhosts that the actor may see. */
  listParameters(actor: Actor): Promise<ParameterInfo[]>;
  putParameter(actor: Actor, parameter: ParameterInfo): Promise<{ created: boolean }>;
  deleteParameter(actor: Actor, component: string, vhost: string, name: string): Promise<void>;
  /** `internal_cluster_id` is there from the first start; `cluster_name` when the cluster was named. */
  listGlobalParameters(actor: Actor): Promise<GlobalParameterInfo[]>;
  putGlobalParameter(actor: Actor, name: string, value: JsonValue): Promise<{ created: boolean }>;
  deleteGlobalParameter(actor: Actor, name: string): Promise<void>;
}

/** The commands of Administration by name; the table has to be complete. */
export const ADMINISTRATION: Record<keyof Administration, true> = {
  listVhostInfos: true,
  vhost: true,
  putVhost: true,
  deleteVhost: true,
  listUsers: true,
  user: true,
  putUser: true,
  deleteUser: true,
  listPermissions: true,
  putPermission: true,
  deletePermission: true,
  listTopicPermissions: true,
  putTopicPermission: true,
  deleteTopicPermissions: true,
  listPolicies: true,
  policy: true,
  putPolicy: true,
  deletePolicy: true,
  putVhostLimit: true,
  deleteVhostLimit: true,
  putUserLimit: true,
  deleteUserLimit: true,
  listParameters: true,
  putParameter: true,
  deleteParameter: true,
  listGlobalParameters: true,
  putGlobalParameter: true,
  deleteGlobalParameter: true,
};
