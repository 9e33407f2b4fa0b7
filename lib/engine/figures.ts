/**
 * The part of the port that monitoring reads: everything that the broker counts, at one moment. Nobody is named: what
 * is in it is for whoever may reach the port for monitoring.
 */

/** Messages of one type of queue since the broker's start. */
export interface TypeFigures {
  deliveredAutoAck: number;
  deliveredManualAck: number;
  gotAutoAck: number;
  gotManualAck: number;
  gotEmpty: number;
  redelivered: number;
  acked: number;
  /** Dead letters by reason of death: without an exchange to go to, sent, and kept until they have arrived. */
  dead: Record<'rejected' | 'expired' | 'maxlen' | 'delivery_limit', DeathFigures>;
  /** Dead letters that were kept until they had arrived, and have. */
  deadConfirmed: number;
}

export interface DeathFigures {
  disabled: number;
  atMostOnce: number;
  atLeastOnce: number;
}

export interface LoginFigures {
  succeeded: number;
  failed: number;
}

/** Figures of the whole broker. Counters are since its start. */
export interface BrokerFigures {
  node: string;
  clusterName: string;
  /** Stays the same for as long as the data does. */
  clusterId: string;
  version: string;
  compatibleWith: string;
  startedAtMs: number;
  nowMs: number;
  alarms: { memory: boolean; disk: boolean };
  connections: number;
  connectionsOpened: number;
  connectionsClosed: number;
  channels: number;
  channelsOpened: number;
  channelsClosed: number;
  consumers: number;
  /** Channels that have published. */
  publishers: number;
  queues: number;
  /** Declared: all declarations that succeeded; created: the ones that made a queue. */
  queuesDeclared: number;
  queuesCreated: number;
  queuesDeleted: number;
  /** Messages. */
  received: number;
  receivedConfirm: number;
  confirmed: number;
  /** Messages times the queues each went to. */
  routed: number;
  dropped: number;
  returned: number;
  traffic: Record<'classic' | 'quorum' | 'stream', TypeFigures>;
  /** How many bodies fit each bound but none before it, in bytes; the last bound is Infinity. */
  sizes: { bounds: number[]; counts: number[]; sum: number };
  logins: { amqp091: LoginFigures; http: LoginFigures };
  /** Publishers are blocked when less is free. */
  diskFreeBytes: number;
  diskFreeBytesMin: number;
  /** Publishers are blocked when the process holds more. */
  memoryBytesMax: number;
}

/** What is said of one object, in the order of the names. */
export const QUEUE_FIGURES = [
  'ready',
  'unacked',
  'consumers',
  'readyBytes',
  'unackedBytes',
  'published',
  'delivered',
  'acked',
  'redelivered',
  'consumerCapacity',
] as const;
export const EXCHANGE_FIGURES = ['bindings', 'published', 'unroutable'] as const;
export const CHANNEL_FIGURES = [
  'consumers',
  'unacked',
  'unconfirmed',
  'uncommitted',
  'acksUncommitted',
  'prefetch',
  'globalPrefetch',
  'published',
  'confirmed',
  'returned',
  'dropped',
  'got',
  'gotNoAck',
  'gotEmpty',
  'delivered',
  'deliveredNoAck',
  'redelivered',
  'acked',
] as const;
export const CONNECTION_FIGURES = ['receivedBytes', 'sentBytes', 'receivedPackets', 'sentPackets', 'channels'] as const;

/** Objects of one kind as columns, because there may be many thousands. */
export interface Columns {
  names: string[];
  /** The vhost of each object; empty where that says nothing. */
  vhosts: string[];
  types: string[];
  /** One row an object. */
  values: Float64Array;
}

/** Objects of the vhosts that were asked for. */
export interface ObjectFigures {
  queues: Columns;
  exchanges: Columns;
  channels: Columns;
  connections: Columns;
  vhosts: string[];
}

export type ObjectKind = Exclude<keyof ObjectFigures, 'vhosts'>;

export interface Monitoring {
  figures(): Promise<BrokerFigures>;
  /** Objects of these kinds; the others are empty. Without `vhosts`: of all. Taken in slices: messages do not wait. */
  objectFigures(kinds: ObjectKind[], vhosts?: string[]): Promise<ObjectFigures>;
}

/** The commands of Monitoring by name; the table has to be complete. */
export const MONITORING: Record<keyof Monitoring, true> = { figures: true, objectFigures: true };
