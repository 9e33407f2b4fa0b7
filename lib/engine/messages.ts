/** The part of the port that publishes messages and looks at those that are ready. */
import type { TypedTable } from '../fields/typed-field.ts';
import type { Actor } from './actor.ts';

/** The basic properties; absent ones are left out. `timestamp` is seconds as a decimal string. */
export interface MessageProperties {
  contentType?: string;
  contentEncoding?: string;
  headers?: TypedTable;
  deliveryMode?: number;
  priority?: number;
  correlationId?: string;
  replyTo?: string;
  expiration?: string;
  messageId?: string;
  timestamp?: string;
  type?: string;
  userId?: string;
  appId?: string;
  clusterId?: string;
}

export interface Publication {
  vhost: string;
  exchange: string;
  routingKey: string;
  properties: MessageProperties;
  /** base64. */
  body: string;
}

export interface PublishResult {
  /** Queues that took the message. */
  routedTo: string[];
  /** Queues that refused it (x-overflow reject-publish). */
  refusedBy: string[];
  /** The message waits in an exchange that delays messages, and is routed later. */
  delayed: boolean;
}

/** One death: an entry of x-death, newest first. */
export interface Death {
  queue: string;
  reason: string;
  count: number;
  /** Exchange and routing keys of the first death in this queue for this reason; the message's own key comes first. */
  exchange: string;
  routingKeys: string[];
  /** Seconds since 1970 of the first death of this queue and reason; null when absent. */
  timeSeconds: number | null;
  originalExpiration: string | null;
}

export interface PeekedMessage {
  /** Stable until the message leaves the queue; a string because it is opaque. */
  position: string;
  redelivered: boolean;
  arrivedAtMs: number;
  expiresAtMs: number | null;
  exchange: string;
  routingKey: string;
  properties: MessageProperties;
  /** Deaths as the broker recorded them; [] when it did not see the message die. */
  deaths: Death[];
  /** What headers say of deaths that the broker did not record: anybody can write them. */
  claimedDeaths: Death[];
  /** How often the message was moved as a replay, as the broker counted; 127 stands for that and more. */
  replays: number;
  /** The headers of the last replay are among the properties, and are what the mover wrote. */
  replayHeaded: boolean;
  bodySize: number;
  /** base64, cut at the bytes that were asked for. */
  body: string;
}

export interface PeekRequest {
  vhost: string;
  queue: string;
  /** Continue here (`next` of the page before); absent: from the head. */
  from?: string;
  /** At most 500 messages. */
  limit: number;
  /** Bytes of each body to return; 0: none. */
  bodyBytesMax: number;
  /** Only messages for which all of this holds; looks for a second at most. */
  filter?: MessageFilter;
}

/** All that is said has to hold; what is left out holds for every message. */
export interface MessageFilter {
  /** A text that occurs, as it is written, in exchange, routing key, properties or body. */
  containing?: string;
  /** A pattern as of a topic binding: words between dots, * for one of them, # for any number. */
  routingKey?: string;
  /** Without a value: the header is there. A value is compared as text, a float as a number; lists and tables are equal to none. */
  header?: { name: string; value?: string };
  /** `rejected`, `expired`, `maxlen` or `delivery_limit`: the broker saw it die so, in this queue or another. */
  deathReason?: string;
}

export interface PeekPage {
  messages: PeekedMessage[];
  next: string | null;
  /** Ready messages in the queue at that moment. */
  ready: number;
  /** Messages that were looked at for this page. */
  scanned: number;
}

export interface Messages {
  publish(actor: Actor, publication: Publication): Promise<PublishResult>;
  /** Looks at ready messages; what that does to them is a capability. */
  peek(actor: Actor, request: PeekRequest): Promise<PeekPage>;
}

/** The commands by name; the table has to be complete. */
export const MESSAGES: Record<keyof Messages, true> = { publish: true, peek: true };
