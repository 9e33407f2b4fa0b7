/** The node: what it is and how it does. */
import type { ListenerCertificates } from './certificates.ts';

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

export interface Nodes {
  /** Figures of the whole node. Who may see which of them is decided where they are shown. */
  overview(): Promise<Overview>;
}

/** The commands by name; the table has to be complete. */
export const NODES: Record<keyof Nodes, true> = { overview: true };
