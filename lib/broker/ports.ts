/**
 * What the broker needs of the world: a place for definitions and a place for messages.
 * Both are ports: `lib/db` implements the first and `lib/boot.ts` picks it, `lib/store` the second and the broker's thread
 * picks that.
 */
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { HashingAlgorithm } from '../users/hashing-algorithm.ts';
import type { Message, MessageView } from './messages/message.ts';

export type { JsonValue } from '../json/json-value.ts';

/** Limits by RabbitMQ's names, such as `max-connections`; a negative one is none. */
export type Limits = Record<string, number | bigint>;

/** A virtual host as it is kept. */
export interface VhostDefinition {
  name: string;
  description: string;
  tags: string[];
  /** The type of queues that are declared without one; null: classic. */
  defaultQueueType: string | null;
  /** True: the vhost can only be deleted after its protection has been taken back. */
  protectedFromDeletion: boolean;
  /** `max-connections`, `max-queues`. */
  limits: Limits;
}

/** A user as it is kept. `passwordHash` is base64(salt[4] ‖ hash(salt ‖ password)); empty: no login by password. */
export interface UserDefinition {
  name: string;
  passwordHash: string;
  hashingAlgorithm: HashingAlgorithm;
  tags: string[];
  /** `max-connections`, `max-channels`. */
  limits: Limits;
}

/** The three regular expressions of one user in one vhost; '' matches nothing. */
export interface PermissionDefinition {
  user: string;
  vhost: string;
  configure: string;
  write: string;
  read: string;
}

/** What routing keys one user may use with one topic exchange; '' matches nothing. */
export interface TopicPermissionDefinition {
  user: string;
  vhost: string;
  exchange: string;
  write: string;
  read: string;
}

/** A policy; an operator's policy lives beside those of users and limits them. `definition` has at least one key. */
export interface PolicyDefinition {
  kind: 'policy' | 'operator_policy';
  vhost: string;
  name: string;
  /** An unanchored regular expression on the object's name. */
  pattern: string;
  applyTo: 'all' | 'queues' | 'classic_queues' | 'quorum_queues' | 'streams' | 'exchanges';
  priority: number;
  definition: JsonObject;
}

/** A setting of the whole broker, such as `cluster_name`. */
export interface GlobalParameterDefinition {
  name: string;
  value: JsonValue;
}

/**
 * A durable exchange. `arguments` is the field table as wire bytes without its length prefix. `id` names the message log
 * of one that keeps messages and is never used again for another.
 */
export interface ExchangeDefinition {
  vhost: string;
  name: string;
  id: string;
  type: string;
  autoDelete: boolean;
  internal: boolean;
  /** A user's name; '' where it is not known any more. */
  declaredBy: string;
  arguments: Uint8Array;
}

/** A durable queue. `arguments` as for exchanges. `id` names its message log and is never used again for another queue. */
export interface QueueDefinition {
  vhost: string;
  name: string;
  id: string;
  autoDelete: boolean;
  isPaused: boolean;
  arguments: Uint8Array;
}

/** A binding between durable ends; identity is all its fields. */
export interface BindingDefinition {
  vhost: string;
  source: string;
  destinationType: 'queue' | 'exchange';
  destination: string;
  routingKey: string;
  arguments: Uint8Array;
}

/** Everything a start reads. */
export interface Definitions {
  vhosts: VhostDefinition[];
  users: UserDefinition[];
  permissions: PermissionDefinition[];
  topicPermissions: TopicPermissionDefinition[];
  policies: PolicyDefinition[];
  globalParameters: GlobalParameterDefinition[];
  exchanges: ExchangeDefinition[];
  queues: QueueDefinition[];
  bindings: BindingDefinition[];
  /** Identities of exchanges and queues that were deleted; their logs may still be on the disk. */
  deleted: string[];
}

/**
 * One change to the definitions. A put replaces what has the same identity; a delete of something absent is no error.
 * Deleting an exchange, a queue or a vhost does not cascade: whoever deletes lists the bindings too.
 */
export type DefinitionChange =
  | { put: 'vhost'; value: VhostDefinition }
  | { put: 'user'; value: UserDefinition }
  | { put: 'permission'; value: PermissionDefinition }
  | { put: 'topic-permission'; value: TopicPermissionDefinition }
  | { put: 'policy'; value: PolicyDefinition }
  | { put: 'global-parameter'; value: GlobalParameterDefinition }
  | { put: 'exchange'; value: ExchangeDefinition }
  | { put: 'queue'; value: QueueDefinition }
  | { put: 'binding'; value: BindingDefinition }
  | { delete: 'vhost'; key: Pick<VhostDefinition, 'name'> }
  | { delete: 'user'; key: Pick<UserDefinition, 'name'> }
  | { delete: 'permission'; key: Pick<PermissionDefinition, 'user' | 'vhost'> }
  | { delete: 'topic-permission'; key: Pick<TopicPermissionDefinition, 'user' | 'vhost' | 'exchange'> }
  | { delete: 'policy'; key: Pick<PolicyDefinition, 'kind' | 'vhost' | 'name'> }
  | { delete: 'global-parameter'; key: Pick<GlobalParameterDefinition, 'name'> }
  | { delete: 'exchange'; key: Pick<ExchangeDefinition, 'vhost' | 'name'> }
  | { delete: 'queue'; key: Pick<QueueDefinition, 'vhost' | 'name'> }
  | { delete: 'binding'; key: BindingDefinition };

/** Where definitions are kept. */
export interface DefinitionStore {
  load(): Promise<Definitions>;
  /**
   * Applies all changes in one transaction. When it resolves they survive a crash; when it rejects none was made.
   * Calls take effect in the order in which they were made.
   */
  apply(changes: DefinitionChange[]): Promise<void>;
}

/** A part of a log: messages from `start` on, in so many bytes. */
export interface Stretch {
  /** The position at or before the stretch's first live message, and behind the stretch before. */
  start: number;
  bytes: number;
}

/** How a log differs from others. */
export interface LogTerms {
  /** No stretch of the log is longer, unless by a single message; nor longer than the store's own bound. */
  stretchBytesMax?: number;
  /** Every message of a durable log survives the process, whatever its delivery mode. */
  keepsTransient?: boolean;
  /** An appended message stays at its origin as well, or goes from there to another log: being here is no move. */
  holdsCopies?: boolean;
}

/** The messages of one queue (of one priority of it) in the order of their arrival. */
export interface MessageLog {
  /**
   * Copies the message to the end and returns its position; positions ascend. `offset`: of a stream's message, from 0
   * on.
   */
  append(message: Message, arrivedAtMs: number, expiresAtMs: number, offset?: number): number;
  /** Points `into` at the message; valid until the next call of any log. The position must be live. */
  read(position: number, into: MessageView): void;
  /** The first live position at or after `position`, which is 0 or was given by this log; -1 when there is none. */
  seek(position: number): number;
  /** The place right behind a live message: where a `seek` for the following one starts. */
  after(position: number): number;
  /** The expiry of a live message, as it was appended. */
  expiresAtMs(position: number): number;
  /** The offset of a live message, as it was appended; -1: without one. */
  offset(position: number): number;
  /** Ends the life of a message with that many body bytes: acked, expired, dropped or moved. False when it was not live. */
  remove(position: number, bodyBytes: number): boolean;
  /** Ends the life of all messages at or after `position`. */
  removeFrom(position: number): void;
  /** Ends the life of all messages before `position`; cheap where that is the start of a stretch. */
  removeBefore(position: number): void;
  /** The stretches that the log is kept in and gives up as a whole, oldest first; each has a live message. */
  stretches(): Stretch[];
  /** Live messages and their body bytes. */
  readonly liveCount: number;
  readonly liveBytes: number;
  /** Live messages before this position have been delivered, perhaps by a process before this one. */
  readonly deliveredUpTo: number;
  /** Notes that deliveries have come as far as that. */
  delivered(upTo: number): void;
  /**
   * Keeps a number with a live message, from 0 to 0xfffffd, in place of the one before: what it means is the queue's
   * matter.
   */
  note(position: number, value: number): void;
  /** The numbers that are kept with live messages. */
  readonly notes: ReadonlyMap<number, number>;
  /** Why the messages cannot be read; null: they can. Reads throw then. */
  readonly corrupt: string | null;
}

/** Logs that were set aside by a start because they belong to nothing. */
export interface OrphanFacts {
  logs: number;
  bytes: number;
  /** The folder that these logs lie in. */
  folder: string;
  /** When the first of these logs is removed; null: none is. */
  nextRemovalMs: number | null;
}

/** Where messages are kept. */
export interface MessageStore {
  /**
   * The log with that name, made when there is none. What is durable survives the process. The terms are those of the
   * latest call.
   */
  open(name: string, durable: boolean, terms?: LogTerms): MessageLog;
  /**
   * All logs that belong to something are open. Of the others those of what was deleted are removed, and those that nobody
   * knows are set aside.
   */
  finishRecovery(deleted: ReadonlySet<string>): void;
  /** Null: nothing is set aside. */
  readonly orphaned: OrphanFacts | null;
  /** Frees the log with that name; it is not used afterwards. */
  delete(name: string): void;
  /** Body bytes of all live messages. */
  readonly bytes: number;
  /** Bytes that may still be written before publishers must wait. */
  readonly bytesLeft: number;
  /** The resource that is short, so that publishers must wait; null: none is. */
  readonly low: 'memory' | 'disk' | null;
  /** Called before deliveries that were made since the last call are sent. */
  beforeDeliveries(): void;
  /**
   * Undefined when every appended message is as durable as the store makes it, else a promise of that moment.
   * Confirms wait for the promise; `sync` is called once per turn, not per message.
   */
  sync(): Promise<void> | undefined;
}
