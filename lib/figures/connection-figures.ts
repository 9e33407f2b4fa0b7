import type { Figures } from './figure.ts';

const COARSE = ['connection_coarse_metrics'] as const;
const CONNECTION = ['connection_metrics'] as const;

/** What is counted and measured of a connection since it began. */
export const CONNECTION_FIGURES = {
  channels: {
    kind: 'gauge',
    unit: 'channels',
    words: 'Channels',
    rabbit: null,
    families: [{ name: 'connection_channels', help: 'Channels on a connection', groups: CONNECTION }],
    history: null,
  },
  receivedBytes: {
    kind: 'counter',
    unit: 'bytes',
    words: 'Bytes received',
    rabbit: null,
    families: [
      {
        name: 'connection_incoming_bytes_total',
        help: 'Total number of bytes received on a connection',
        groups: COARSE,
      },
    ],
    history: null,
  },
  sentBytes: {
    kind: 'counter',
    unit: 'bytes',
    words: 'Bytes sent',
    rabbit: null,
    families: [
      { name: 'connection_outgoing_bytes_total', help: 'Total number of bytes sent on a connection', groups: COARSE },
    ],
    history: null,
  },
  /** Reads from the socket. */
  receivedPackets: {
    kind: 'counter',
    unit: 'packets',
    words: 'Packets received',
    rabbit: null,
    families: [
      {
        name: 'connection_incoming_packets_total',
        help: 'Total number of packets received on a connection',
        groups: CONNECTION,
      },
    ],
    history: null,
  },
  /** Writes to the socket. */
  sentPackets: {
    kind: 'counter',
    unit: 'packets',
    words: 'Packets sent',
    rabbit: null,
    families: [
      {
        name: 'connection_outgoing_packets_total',
        help: 'Total number of packets sent on a connection',
        groups: CONNECTION,
      },
    ],
    history: null,
  },
} as const satisfies Figures;
