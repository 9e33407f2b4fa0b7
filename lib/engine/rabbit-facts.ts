/**
 * The second, smaller port: what the imitation of RabbitMQ's management API and of its metrics needs beside the first. A broker
 * that has those itself does without it. `Sorting` is more than that: the embedded broker's lists are made of it too.
 */
import type { Actor } from './actor.ts';
import type { BindingInfo } from './bindings.ts';
import type { ExchangeInfo } from './exchanges.ts';
import { MONITORING, type Monitoring } from './figures.ts';
import type { MessageProperties } from './messages.ts';
import type { QueueInfo } from './queues.ts';
import { SORTING, type Sorting } from './sort-keys.ts';

/** Takes messages from the head of a queue, as basic.get does, and settles them at once. */
export interface FetchRequest {
  vhost: string;
  queue: string;
  /** At most 1,000 messages. */
  count: number;
  /** `requeue`: the messages go back to their places, marked redelivered. `reject`: they die here. */
  settle: 'ack' | 'requeue' | 'reject';
  /** Bytes of each body to return. */
  bodyBytesMax: number;
}

export interface FetchedMessage {
  exchange: string;
  routingKey: string;
  redelivered: boolean;
  properties: MessageProperties;
  bodySize: number;
  /** base64, cut at the bytes that were asked for. */
  body: string;
  /** Messages that were ready behind this one. */
  left: number;
}

export interface RabbitFacts extends Sorting, Monitoring {
  listQueues(actor: Actor): Promise<QueueInfo[]>;
  listExchanges(actor: Actor): Promise<ExchangeInfo[]>;
  /** Bindings of the vhosts the actor may look into, without the implicit ones of the default exchange. */
  listBindings(actor: Actor): Promise<BindingInfo[]>;
  fetch(actor: Actor, request: FetchRequest): Promise<FetchedMessage[]>;
  /** Logins are counted from zero again. */
  resetLogins(actor: Actor): Promise<void>;
}

/** The commands by name; the table has to be complete. */
export const RABBIT_FACTS: Record<keyof RabbitFacts, true> = {
  ...SORTING,
  ...MONITORING,
  listQueues: true,
  listExchanges: true,
  listBindings: true,
  fetch: true,
  resetLogins: true,
};
