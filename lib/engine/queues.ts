/** The part of the port that is about queues. */
import type { TypedTable } from '../fields/typed-field.ts';
import type { QueueCounters } from '../figures/queue-figures.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Actor } from './actor.ts';

export interface QueueInfo {
  vhost: string;
  name: string;
  type: 'classic' | 'quorum' | 'stream';
  durable: boolean;
  autoDelete: boolean;
  exclusive: boolean;
  arguments: TypedTable;
  ready: number;
  unacked: number;
  readyBytes: number;
  unackedBytes: number;
  consumers: number;
  /** The share of the last seconds in which some consumer could take a message at once, 0 to 1. */
  consumerCapacity: number;
  /** Tags; null: there is none. */
  exclusiveConsumer: string | null;
  singleActiveConsumer: string | null;
  /** When the oldest ready message arrived; null when none is ready. */
  oldestReadyAtMs: number | null;
  idleSinceMs: number | null;
  /** Consumers and gets are given nothing until it is resumed. */
  isPaused: boolean;
  /** Why the queue takes and gives no messages: its log is corrupt. Null: it works. */
  closedReason: string | null;
  deadLetterExchange: string | null;
  deadLetterRoutingKey: string | null;
  /** Queues whose dead letters may come here by today's topology; the names of some of them. */
  deadLetterSources: { count: number; names: string[] };
  /** Dead letters that wait here until another queue takes them; neither ready nor unacked. */
  waitingLetters: number;
  /** Null: it is no stream. In a stream `ready` is everything that is kept, and `unacked` what consumers have not settled. */
  stream: StreamFacts | null;
  /** The names of the policies in effect; null: none. */
  policy: string | null;
  operatorPolicy: string | null;
  /** What the policies say together; {} when they say nothing. Arguments of the queue may come before it. */
  effectivePolicyDefinition: JsonObject;
  counters: QueueCounters;
}

export interface StreamFacts {
  firstOffset: number;
  /** The offset of the message that comes next. */
  nextOffset: number;
  /** Pieces in which the stream gives up old messages. */
  segments: number;
}

export interface ConsumerInfo {
  consumerTag: string;
  /** "host:port -> host:port (channel)". */
  channel: string;
  connectionName: string | null;
  user: string;
  ackRequired: boolean;
  exclusive: boolean;
  /** 0: unlimited. */
  prefetch: number;
  unacked: number;
  priority: number;
  /** Under single active consumer: false of consumers that wait for their turn. */
  active: boolean;
  /** The offset of what a stream's consumer gets next; null elsewhere. */
  offset: number | null;
}

export interface QueueDetail extends QueueInfo {
  /** The connection that an exclusive queue belongs to; null: it is not exclusive. */
  owner: string | null;
  /** The property of the first ready message, seconds since 1970 in digits; null when it has none, or nothing is ready. */
  headTimestamp: string | null;
  consumerList: ConsumerInfo[];
  /** Into this queue, without the implicit one from the default exchange. */
  bindingCount: number;
  /** Where a message that dies here may go by today's topology: queues, and the names of some of them. */
  deadLetterTargets: { count: number; names: string[] };
}

export interface QueueDeclaration {
  vhost: string;
  /** '' lets the broker choose. */
  name: string;
  durable: boolean;
  autoDelete: boolean;
  arguments: TypedTable;
}

export interface Queues {
  queue(actor: Actor, vhost: string, name: string): Promise<QueueDetail>;
  /** Returns the queue's name. Declaring an equivalent queue again is no error. */
  declareQueue(actor: Actor, declaration: QueueDeclaration): Promise<{ name: string; created: boolean }>;
  /** Returns the number of ready messages that went with the queue; throws NOT_FOUND for one that is not there. */
  deleteQueue(actor: Actor, vhost: string, name: string, onlyIf: { unused: boolean; empty: boolean }): Promise<number>;
  /** Returns the number of messages removed. */
  purgeQueue(actor: Actor, vhost: string, name: string): Promise<number>;
  /** Pauses or resumes a queue, which stays so over a restart. NOT_IMPLEMENTED where the capability `pause` is none. */
  pauseQueue(actor: Actor, vhost: string, name: string, isPaused: boolean): Promise<void>;
}

/** The commands by name; the table has to be complete. */
export const QUEUES: Record<keyof Queues, true> = {
  queue: true,
  declareQueue: true,
  deleteQueue: true,
  purgeQueue: true,
  pauseQueue: true,
};
