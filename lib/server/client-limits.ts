import { LIMITS } from '../broker/limits.ts';

/** Bounds of what clients may do, as whoever runs the broker sets them. */
export interface ClientLimits {
  /** From the first byte to connection.open-ok. */
  handshakeMs: number;
  /** Proposed to clients; 0: none. */
  heartbeatSeconds: number;
  /** Channels that one connection may have open. */
  channelsMax: number;
  /** Connections of the whole broker; null: no limit. */
  nodeConnectionsMax: number | null;
  nodeChannelsMax: number | null;
  messageBytesMax: number;
  /** How long a delivery may wait for its ack where the queue sets no time; null: for ever. */
  ackTimeoutMs: number | null;
  /** How long a client may take nothing of what it is sent; null: for ever. */
  sendTimeoutMs: number | null;
}

export const DEFAULT_CLIENT_LIMITS: ClientLimits = {
  handshakeMs: LIMITS.handshakeMs,
  heartbeatSeconds: LIMITS.heartbeatSeconds,
  channelsMax: LIMITS.channelsMax,
  nodeConnectionsMax: null,
  nodeChannelsMax: null,
  messageBytesMax: LIMITS.messageBytesMax,
  ackTimeoutMs: LIMITS.ackTimeoutMs,
  sendTimeoutMs: LIMITS.sendTimeoutMs,
};
