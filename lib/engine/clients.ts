/**
 * The part of the port that shows who is connected: connections, their channels and consumers, and that ends them.
 * Monitoring and administrators see everybody's, other users with a management tag their own: who is not shown is
 * NOT_FOUND. Somebody else's connection may be closed by administrators only: ACCESS_REFUSED.
 */

import type { TypedTable } from '../fields/typed-field.ts';
import type { Actor } from './actor.ts';

/** States of a connection by RabbitMQ's names. `flow`: held back by the broker now or during the last second. */
export type ConnectionState = 'running' | 'flow' | 'blocking' | 'blocked' | 'closing';

export interface PeerCertificate {
  /** Distinguished names as RFC 4514 writes them: "CN=client,O=Warren". */
  subject: string;
  issuer: string;
  /** "2026-01-01T00:00:00Z - 2027-01-01T00:00:00Z" */
  validity: string;
}

export interface TlsInfo {
  /** "tlsv1.3" */
  protocol: string;
  /** "any" under TLS 1.3, which chooses the key exchange apart from the cipher. */
  keyExchange: string;
  /** "aes_256_gcm" */
  cipher: string;
  /** "sha256"; "aead" where the cipher needs none. */
  hash: string;
  /** Null: the client showed none. */
  peerCertificate: PeerCertificate | null;
}

/** What went over the socket since the connection began. */
export interface ConnectionCounters {
  receivedBytes: number;
  sentBytes: number;
}

/** A connection that has entered a vhost. */
export interface ConnectionInfo {
  /** "host:port -> host:port", peer first. */
  name: string;
  /** What the client calls itself (client property connection_name). */
  userProvidedName: string | null;
  user: string;
  vhost: string;
  protocol: 'AMQP 0-9-1';
  state: ConnectionState;
  host: string;
  port: number;
  peerHost: string;
  peerPort: number;
  channels: number;
  connectedAtMs: number;
  clientProperties: TypedTable;
  /** "PLAIN", "AMQPLAIN" or "EXTERNAL". */
  authMechanism: string;
  /** 0: no heartbeats. */
  heartbeatSeconds: number;
  /** Bytes. */
  frameMax: number;
  channelMax: number;
  /** Null: no TLS. */
  tls: TlsInfo | null;
  counters: ConnectionCounters;
  /** Per second, over the last whole interval of five seconds. */
  rates: ConnectionCounters;
  /** Reads from the socket and writes to it. */
  receivedPackets: number;
  sentPackets: number;
  /** Bytes that the socket has not taken yet. */
  pendingBytes: number;
}

/** What a channel did since it was opened, in messages. */
export interface ChannelCounters {
  published: number;
  confirmed: number;
  /** Unroutable: given back to the publisher, and dropped. */
  returned: number;
  dropped: number;
  /** basic.deliver with and without acknowledgement. */
  delivered: number;
  deliveredNoAck: number;
  /** basic.get with and without acknowledgement, and calls of it that found nothing. */
  got: number;
  gotNoAck: number;
  gotEmpty: number;
  acked: number;
  /** Deliveries that were not the first of their message. */
  redelivered: number;
}

export interface ChannelInfo {
  /** "host:port -> host:port (1)" */
  name: string;
  number: number;
  connectionName: string;
  peerHost: string;
  peerPort: number;
  user: string;
  vhost: string;
  state: 'running' | 'flow' | 'closing';
  consumers: number;
  /** For consumers to come, and for all together; 0: unlimited. */
  prefetch: number;
  globalPrefetch: number;
  confirm: boolean;
  transactional: boolean;
  unacked: number;
  unconfirmed: number;
  /** Publishes and settled deliveries of the open transaction. */
  uncommitted: number;
  acksUncommitted: number;
  /** Null: something happened during the last interval of five seconds. */
  idleSinceMs: number | null;
  counters: ChannelCounters;
  /** Per second, over the last whole interval of five seconds. */
  rates: ChannelCounters;
}

export interface ClientConsumerInfo {
  consumerTag: string;
  vhost: string;
  queue: string;
  channelName: string;
  channelNumber: number;
  connectionName: string;
  peerHost: string;
  peerPort: number;
  user: string;
  ackRequired: boolean;
  exclusive: boolean;
  /** False: waits behind the single active consumer. */
  active: boolean;
  activityStatus: 'up' | 'single_active' | 'waiting';
  /** 0: unlimited. */
  prefetch: number;
  unacked: number;
  /** How long a delivery may wait for its ack; null: for ever. */
  ackTimeoutMs: number | null;
  arguments: TypedTable;
}

export interface Clients {
  listConnections(actor: Actor): Promise<ConnectionInfo[]>;
  connection(actor: Actor, name: string): Promise<ConnectionInfo>;
  listChannels(actor: Actor): Promise<ChannelInfo[]>;
  channel(actor: Actor, name: string): Promise<ChannelInfo>;
  listConsumers(actor: Actor): Promise<ClientConsumerInfo[]>;
  /** The client is told 320 `CONNECTION_FORCED - <reason>`. */
  closeConnection(actor: Actor, name: string, reason: string): Promise<void>;
  /** Returns how many there were. */
  closeConnectionsOfUser(actor: Actor, user: string, reason: string): Promise<number>;
}

/** The commands of Clients by name; the table has to be complete. */
export const CLIENTS: Record<keyof Clients, true> = {
  listConnections: true,
  connection: true,
  listChannels: true,
  channel: true,
  listConsumers: true,
  closeConnection: true,
  closeConnectionsOfUser: true,
};
