import type { Counters, Figures } from './figure.ts';

const TO = 'Total number of messages delivered to consumers';

/** What queues of one type gave and took back, all of a vhost together. Its families say the type of queue. */
export const TRAFFIC_FIGURES = {
  delivered: {
    kind: 'counter',
    unit: 'messages',
    words: 'Delivered',
    rabbit: null,
    families: [{ name: 'global_messages_delivered_total', help: TO, groups: [] }],
    history: null,
    from: { add: ['deliveredNoAck', 'deliveredAck', 'gotNoAck', 'got'] },
  },
  /** Deliveries to consumers that need not ack. */
  deliveredNoAck: {
    kind: 'counter',
    unit: 'messages',
    words: 'Delivered without ack',
    rabbit: null,
    families: [
      {
        name: 'global_messages_delivered_consume_auto_ack_total',
        help: `${TO} using basic.consume with automatic acknowledgment`,
        groups: [],
      },
    ],
    history: null,
  },
  /** Deliveries to consumers that have to ack. */
  deliveredAck: {
    kind: 'counter',
    unit: 'messages',
    words: 'Delivered to be acked',
    rabbit: null,
    families: [
      {
        name: 'global_messages_delivered_consume_manual_ack_total',
        help: `${TO} using basic.consume with manual acknowledgment`,
        groups: [],
      },
    ],
    history: null,
  },
  gotNoAck: {
    kind: 'counter',
    unit: 'messages',
    words: 'Got without ack',
    rabbit: null,
    families: [
      {
        name: 'global_messages_delivered_get_auto_ack_total',
        help: `${TO} using basic.get with automatic acknowledgment`,
        groups: [],
      },
    ],
    history: null,
  },
  /** Messages given by basic.get that have to be acked. */
  got: {
    kind: 'counter',
    unit: 'messages',
    words: 'Got',
    rabbit: null,
    families: [
      {
        name: 'global_messages_delivered_get_manual_ack_total',
        help: `${TO} using basic.get with manual acknowledgment`,
        groups: [],
      },
    ],
    history: null,
  },
  /** Calls of basic.get that found nothing. */
  gotEmpty: {
    kind: 'counter',
    unit: 'requests',
    words: 'Gets that found nothing',
    rabbit: null,
    families: [
      {
        name: 'global_messages_get_empty_total',
        help: 'Total number of times basic.get operations fetched no message',
        groups: [],
      },
    ],
    history: null,
  },
  redelivered: {
    kind: 'counter',
    unit: 'messages',
    words: 'Redelivered',
    rabbit: null,
    families: [
      {
        name: 'global_messages_redelivered_total',
        help: 'Total number of messages redelivered to consumers',
        groups: [],
      },
    ],
    history: null,
  },
  acked: {
    kind: 'counter',
    unit: 'messages',
    words: 'Acked',
    rabbit: null,
    families: [
      {
        name: 'global_messages_acknowledged_total',
        help: 'Total number of messages acknowledged by consumers',
        groups: [],
      },
    ],
    history: null,
  },
} as const satisfies Figures;

export type TrafficCounters = Counters<typeof TRAFFIC_FIGURES>;
