/**
 * The port through which console and API operate a broker. Plain data in, plain data out: every value survives
 * structured clone, and JSON as lib/json writes it. Pages never see broker classes. Adapters: embedded (the broker thread).
 *
 * Every command names its actor; the engine checks vhost access and permissions itself. Failures are EngineError.
 */

import type { TypedTable } from '../fields/typed-field.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Administration } from './administration.ts';
import type { ListenerCertificates } from './certificates.ts';
import type { Clients } from './clients.ts';
import type { DefinitionTransfer } from './definitions.ts';
import type { Monitoring } from './figures.ts';
import type { ListPage } from './lists.ts';
import type { Moving } from './moves.ts';
import type { Routing } from './routing.ts';
import type { Sample } from './sample.ts';
import type { Sorting } from './sort-keys.ts';

export type { TypedField, TypedTable } from '../fields/typed-field.ts';

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

/** Who asks: a user that has signed in. */
export interface Actor {
  user: string;
}

/** A user that may sign in to the console. */
export interface Identity {
  user: string;
  tags: string[];
  /** Vhosts this user may enter. */
  vhosts: string[];
}

/** Logs of queues and exchanges that the definitions do not know, found by a start and set aside. */
export interface OrphanedMessages {
  logs: number;
  bytes: number;
  /** Where the logs lie. */
  folder: string;
  /** When the first of the logs is removed; null: none is. */
  nextRemovalMs: number | null;
}

/** What the node is and how it does, at one moment. */
export interface NodeNow {
  node: string;
  /** Warren's version, and the RabbitMQ version whose behaviour it shows to clients. */
  version: string;
  compatibleWith: string;
  clusterName: string;
  /** That an exchange may have. */
  exchangeTypes: string[];
  startedAtMs: number;
  amqpPort: number;
  /** Null: no AMQPS. */
  amqpsPort: number | null;
  /** Where console and HTTP API are. */
  consolePort: number;
  /** Addresses on which the broker listens. */
  hosts: readonly string[];
  /** Where everything is kept that is to survive a restart. */
  dataDir: string;
  /** Messages that belong to no queue and were set aside; null: there are none. */
  orphaned: OrphanedMessages | null;
  /** The certificates of AMQPS; null: there is no AMQPS. */
  certificates: ListenerCertificates | null;
  /** The limit of the whole broker; null: no limit. */
  connectionsMax: number | null;
  connections: number;
  /** Alarms in effect: publishers are blocked while there is one. */
  alarms: ('memory' | 'disk')[];
  /** Publishing connections that are blocked by an alarm. */
  blockedConnections: number;
  /** Publishers are blocked while the process holds more memory, or while less is free on the disk. Bytes. */
  memoryBytesMax: number;
  diskFreeBytesMin: number;
  /** Bytes of messages held, and bytes that may still be written before publishers are blocked. */
  messageBytes: number;
  messageBytesLeft: number;
  /** Resident memory of the process in bytes. */
  residentBytes: number;
}

export interface Overview extends NodeNow {
  nowMs: number;
}

export interface QueueCounters {
  /** Messages that entered this queue. */
  published: number;
  /** Messages that were given to somebody; of them those to consumers that need not ack, and those by basic.get. */
  delivered: number;
  deliveredNoAck: number;
  got: number;
  gotNoAck: number;
  /** basic.get that found nothing. */
  gotEmpty: number;
  acked: number;
  redelivered: number;
  /** Deaths here, whether or not there was a DLX. */
  expired: number;
  rejected: number;
  overflowed: number;
  /** Came back more often than the delivery limit allows. */
  deliveryLimited: number;
  /** Messages that entered this queue by dead-lettering. */
  deadLettersIn: number;
}

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

export interface BindingInfo {
  vhost: string;
  /** '' is the default exchange. */
  source: string;
  destinationType: 'queue' | 'exchange';
  destination: string;
  routingKey: string;
  arguments: TypedTable;
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

export interface ExchangeInfo {
  vhost: string;
  /** '' is the default exchange. */
  name: string;
  type: string;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  arguments: TypedTable;
  /** True for the default exchange and amq.*: cannot be deleted. */
  predeclared: boolean;
  /** The user who did; null: the broker did, or nobody knows any more. */
  declaredBy: string | null;
  /** Bindings from this exchange, and of other exchanges into it. */
  bindingCount: number;
  incomingCount: number;
  /** Messages that wait in the exchange to be routed; null: it does not delay messages. */
  messagesDelayed: number | null;
  /** The name of the policy in effect and what it says; null and {} when there is none. */
  policy: string | null;
  effectivePolicyDefinition: JsonObject;
  /** Messages in, copies out to queues, and messages no queue took. */
  counters: { published: number; routed: number; unroutable: number };
}

/** Asks for the bindings that have one end in common, in the order in which they were made. */
export interface BindingQuestion {
  vhost: string;
  /** The common end: the exchange that the bindings come from, or what they lead to. */
  of: { source: string } | { destinationType: BindingInfo['destinationType']; destination: string };
  /** A part of the name at the other end or of the routing key, whatever its case; left out: any. */
  text?: string;
  /** Left out: from the first. */
  offset?: number;
  /** Left out: all. */
  limit?: number;
}

export interface QueueDeclaration {
  vhost: string;
  /** '' lets the broker choose. */
  name: string;
  durable: boolean;
  autoDelete: boolean;
  arguments: TypedTable;
}

export interface ExchangeDeclaration {
  vhost: string;
  name: string;
  type: string;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  arguments: TypedTable;
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

/** Something came, went or changed. */
export interface Change {
  kind: 'vhost' | 'queue' | 'exchange' | 'binding' | 'policy' | 'connection' | 'alarm';
  verb: 'created' | 'deleted' | 'changed';
  /** Null: of the whole broker. */
  vhost: string | null;
  /** The object's name: of a binding its source; of alarms those in effect, such as `memory & disk`, or ''. */
  name: string;
  /** The user of a connection; null elsewhere. */
  user: string | null;
}

export interface Engine extends Administration, Clients, DefinitionTransfer, Monitoring, Moving, Sorting, Routing {
  /** Null when name or password is wrong, or when the user may not come from that address. */
  authenticate(name: string, password: string, remoteAddress: string): Promise<Identity | null>;
  identity(user: string): Promise<Identity | null>;
  /** Figures of the whole node. Who may see which of them is decided where they are shown. */
  overview(actor: Actor): Promise<Overview>;
  /** Vhosts the actor may look into: all for administrators and monitoring, else those it may enter. So for lists. */
  listVhosts(actor: Actor): Promise<string[]>;
  listQueues(actor: Actor): Promise<QueueInfo[]>;
  queue(actor: Actor, vhost: string, name: string): Promise<QueueDetail>;
  listExchanges(actor: Actor): Promise<ExchangeInfo[]>;
  exchange(actor: Actor, vhost: string, name: string): Promise<ExchangeInfo>;
  /** Returns the queue's name. Declaring an equivalent queue again is no error. */
  declareQueue(actor: Actor, declaration: QueueDeclaration): Promise<{ name: string; created: boolean }>;
  declareExchange(actor: Actor, declaration: ExchangeDeclaration): Promise<{ created: boolean }>;
  /** Returns the number of ready messages that went with the queue. */
  deleteQueue(actor: Actor, vhost: string, name: string, onlyIf: { unused: boolean; empty: boolean }): Promise<number>;
  deleteExchange(actor: Actor, vhost: string, name: string, onlyIf: { unused: boolean }): Promise<void>;
  /** Without the implicit ones of the default exchange. */
  bindings(actor: Actor, question: BindingQuestion): Promise<ListPage<BindingInfo>>;
  /** Bindings of the vhosts the actor may look into, without the implicit ones of the default exchange. */
  listBindings(actor: Actor): Promise<BindingInfo[]>;
  bind(actor: Actor, binding: BindingInfo): Promise<void>;
  unbind(actor: Actor, binding: BindingInfo): Promise<void>;
  /** Returns the number of messages removed. */
  purgeQueue(actor: Actor, vhost: string, name: string): Promise<number>;
  publish(actor: Actor, publication: Publication): Promise<PublishResult>;
  /** Looks at ready messages without touching their state. */
  peek(actor: Actor, request: PeekRequest): Promise<PeekPage>;
  fetch(actor: Actor, request: FetchRequest): Promise<FetchedMessage[]>;
  /** Calls back with the latest sample, and then with a new one a second; returns the function that ends it. */
  subscribe(onSample: (sample: Sample) => void): () => void;
  /**
   * Calls back soon after something came, went or changed, at most some times a second: each object once, with what
   * happened last; null when too much happened to be told. Returns the function that ends it.
   */
  watch(onChanges: (changes: Change[] | null) => void): () => void;
  stop(): Promise<void>;
}
