import type { Counters, Figures, Rates } from './figure.ts';

/** What is counted and measured of a queue. Counters are of all since the broker's start. */
export const QUEUE_FIGURES = {
  ready: {
    kind: 'gauge',
    unit: 'messages',
    words: 'Ready',
    rabbit: 'messages_ready',
    families: [
      {
        name: 'queue_messages_ready',
        help: 'Messages ready to be delivered to consumers',
        groups: ['queue_coarse_metrics'],
      },
    ],
    history: 'pages',
    chart: 'Backlog',
  },
  unacked: {
    kind: 'gauge',
    unit: 'messages',
    words: 'Unacked',
    rabbit: 'messages_unacknowledged',
    families: [
      {
        name: 'queue_messages_unacked',
        help: 'Messages delivered to consumers but not yet acknowledged',
        groups: ['queue_coarse_metrics'],
      },
    ],
    history: 'pages',
    chart: 'Backlog',
  },
  messages: {
    kind: 'gauge',
    unit: 'messages',
    words: 'Messages',
    rabbit: 'messages',
    families: [
      {
        name: 'queue_messages',
        help: 'Sum of ready and unacknowledged messages - total queue depth',
        groups: ['queue_coarse_metrics'],
      },
    ],
    history: null,
    from: { add: ['ready', 'unacked'] },
  },
  consumers: {
    kind: 'gauge',
    unit: 'consumers',
    words: 'Consumers',
    rabbit: 'consumers',
    families: [
      { name: 'queue_consumers', help: 'Consumers on a queue', groups: ['queue_consumer_count', 'queue_metrics'] },
    ],
    history: null,
  },
  readyBytes: {
    kind: 'gauge',
    unit: 'bytes',
    words: 'Bytes ready',
    rabbit: 'message_bytes_ready',
    families: [
      { name: 'queue_messages_ready_bytes', help: 'Size in bytes of ready messages', groups: ['queue_metrics'] },
    ],
    history: null,
  },
  unackedBytes: {
    kind: 'gauge',
    unit: 'bytes',
    words: 'Bytes unacked',
    rabbit: 'message_bytes_unacknowledged',
    families: [
      {
        name: 'queue_messages_unacked_bytes',
        help: 'Size in bytes of all unacknowledged messages',
        groups: ['queue_metrics'],
      },
    ],
    history: null,
    isSampled: false,
  },
  messageBytes: {
    kind: 'gauge',
    unit: 'bytes',
    words: 'Bytes',
    rabbit: 'message_bytes',
    families: [
      {
        name: 'queue_messages_bytes',
        help: 'Size in bytes of ready and unacknowledged messages',
        groups: ['queue_metrics'],
      },
    ],
    history: null,
    from: { add: ['readyBytes', 'unackedBytes'] },
  },
  /** How much of the time consumers could have taken more; 1: all of it. */
  consumerCapacity: {
    kind: 'gauge',
    unit: 'parts',
    words: 'Consumer capacity',
    rabbit: 'consumer_capacity',
    families: [
      { name: 'queue_consumer_capacity', help: 'Consumer capacity', groups: ['queue_metrics'] },
      { name: 'queue_consumer_utilisation', help: 'Same as consumer capacity', groups: ['queue_metrics'] },
    ],
    history: null,
    // A mean over some time: it moves while nothing happens in the queue.
    isSampled: false,
  },
  /** Messages that entered this queue. */
  published: {
    kind: 'counter',
    unit: 'messages',
    words: 'In',
    rabbit: 'message_stats.publish',
    families: [
      {
        name: 'queue_messages_published_total',
        help: 'Total number of messages published to queues',
        groups: ['channel_queue_exchange_metrics'],
      },
    ],
    history: 'pages',
    chart: 'Rates',
    way: 'in',
  },
  /** All deliveries, by basic.get too. */
  delivered: {
    kind: 'counter',
    unit: 'messages',
    words: 'Delivered',
    rabbit: 'message_stats.deliver_get',
    families: [],
    history: 'pages',
    chart: 'Rates',
    way: 'out',
  },
  /** Deliveries to consumers that have to ack. */
  deliveredAck: {
    kind: 'counter',
    unit: 'messages',
    words: 'Delivered to be acked',
    rabbit: 'message_stats.deliver',
    families: [],
    history: null,
    way: 'out',
    from: { add: ['delivered'], less: ['deliveredNoAck', 'got', 'gotNoAck'] },
  },
  /** Deliveries to consumers that need not ack. */
  deliveredNoAck: {
    kind: 'counter',
    unit: 'messages',
    words: 'Delivered without ack',
    rabbit: 'message_stats.deliver_no_ack',
    families: [],
    history: 'tools',
    way: 'out',
  },
  /** Messages given by basic.get that have to be acked. */
  got: {
    kind: 'counter',
    unit: 'messages',
    words: 'Got',
    rabbit: 'message_stats.get',
    families: [],
    history: 'tools',
    way: 'out',
  },
  gotNoAck: {
    kind: 'counter',
    unit: 'messages',
    words: 'Got without ack',
    rabbit: 'message_stats.get_no_ack',
    families: [],
    history: 'tools',
    way: 'out',
  },
  /** Calls of basic.get that found nothing. */
  gotEmpty: {
    kind: 'counter',
    unit: 'requests',
    words: 'Gets that found nothing',
    rabbit: 'message_stats.get_empty',
    families: [],
    history: 'tools',
    way: 'out',
  },
  acked: {
    kind: 'counter',
    unit: 'messages',
    words: 'Acked',
    rabbit: 'message_stats.ack',
    families: [
      {
        name: 'queue_messages_acked_total',
        help: 'Total number of messages acknowledged by consumers on a queue',
        groups: ['queue_delivery_metrics'],
      },
    ],
    history: 'pages',
    chart: 'Rates',
    way: 'out',
  },
  /** Deliveries that were not the first of their message. */
  redelivered: {
    kind: 'counter',
    unit: 'messages',
    words: 'Redelivered',
    rabbit: 'message_stats.redeliver',
    families: [
      {
        name: 'queue_messages_redelivered_total',
        help: 'Total number of messages redelivered from a queue to consumers',
        groups: ['queue_delivery_metrics'],
      },
    ],
    history: 'pages',
    chart: 'Rates',
    way: 'out',
  },
  /** Deaths here, whether or not there was a dead-letter exchange. */
  died: {
    kind: 'counter',
    unit: 'messages',
    words: 'Died here',
    rabbit: null,
    families: [],
    history: 'pages',
    from: { add: ['expired', 'rejected', 'overflowed', 'deliveryLimited'] },
  },
  expired: { kind: 'counter', unit: 'messages', words: 'Expired', rabbit: null, families: [], history: null },
  rejected: { kind: 'counter', unit: 'messages', words: 'Rejected', rabbit: null, families: [], history: null },
  overflowed: { kind: 'counter', unit: 'messages', words: 'Pushed out', rabbit: null, families: [], history: null },
  /** Messages that came back more often than the delivery limit allows. */
  deliveryLimited: {
    kind: 'counter',
    unit: 'messages',
    words: 'Came back too often',
    rabbit: null,
    families: [],
    history: null,
  },
  /** Messages that entered this queue by dead-lettering. */
  deadLettersIn: {
    kind: 'counter',
    unit: 'messages',
    words: 'Dead letters in',
    rabbit: null,
    families: [],
    history: 'pages',
  },
  /** The bodies that entered this queue. */
  publishedBytes: {
    kind: 'counter',
    unit: 'bytes',
    words: 'In',
    rabbit: null,
    families: [
      {
        name: 'queue_messages_published_bytes_total',
        help: 'Total size in bytes of messages published to queues',
        groups: ['channel_queue_exchange_metrics'],
        isOwn: true,
      },
    ],
    history: 'pages',
    chart: 'Bytes',
  },
  /** The bodies of all deliveries: one that is delivered again counts again. */
  deliveredBytes: {
    kind: 'counter',
    unit: 'bytes',
    words: 'Out',
    rabbit: null,
    families: [
      {
        name: 'queue_messages_delivered_bytes_total',
        help: 'Total size in bytes of messages delivered from queues',
        groups: ['queue_delivery_metrics'],
        isOwn: true,
      },
    ],
    history: 'pages',
    chart: 'Bytes',
  },
} as const satisfies Figures;

export type QueueFigure = keyof typeof QUEUE_FIGURES;
export type QueueCounters = Counters<typeof QUEUE_FIGURES>;
/** Rates per second. */
export type QueueRates = Rates<typeof QUEUE_FIGURES>;
