import type { Counters, Figures } from './figure.ts';

const CHANNEL = ['channel_metrics'] as const;
const PUBLISHING = ['channel_exchange_metrics'] as const;
const CONSUMING = ['channel_queue_metrics'] as const;

/** What is counted and measured of a channel since it was opened; the counters also of all channels of a vhost together. */
export const CHANNEL_FIGURES = {
  consumers: {
    kind: 'gauge',
    unit: 'consumers',
    words: 'Consumers',
    rabbit: null,
    families: [{ name: 'channel_consumers', help: 'Consumers on a channel', groups: CHANNEL }],
    history: null,
  },
  unacked: {
    kind: 'gauge',
    unit: 'messages',
    words: 'Unacked',
    rabbit: null,
    families: [
      { name: 'channel_messages_unacked', help: 'Delivered but not yet acknowledged messages', groups: CHANNEL },
    ],
    history: null,
  },
  unconfirmed: {
    kind: 'gauge',
    unit: 'messages',
    words: 'Unconfirmed',
    rabbit: null,
    families: [
      { name: 'channel_messages_unconfirmed', help: 'Published but not yet confirmed messages', groups: CHANNEL },
    ],
    history: null,
  },
  /** Publishes of the open transaction. */
  uncommitted: {
    kind: 'gauge',
    unit: 'messages',
    words: 'Uncommitted',
    rabbit: null,
    families: [
      {
        name: 'channel_messages_uncommitted',
        help: 'Messages received in a transaction but not yet committed',
        groups: CHANNEL,
      },
    ],
    history: null,
  },
  acksUncommitted: {
    kind: 'gauge',
    unit: 'messages',
    words: 'Acks uncommitted',
    rabbit: null,
    families: [
      {
        name: 'channel_acks_uncommitted',
        help: 'Message acknowledgements in a transaction not yet committed',
        groups: CHANNEL,
      },
    ],
    history: null,
  },
  /** The prefetch of consumers that come later; 0: unlimited. */
  prefetch: {
    kind: 'gauge',
    unit: 'messages',
    words: 'Prefetch',
    rabbit: null,
    families: [
      { name: 'consumer_prefetch', help: 'Limit of unacknowledged messages for each consumer', groups: CHANNEL },
    ],
    history: null,
  },
  /** The prefetch that all consumers share; 0: unlimited. */
  globalPrefetch: {
    kind: 'gauge',
    unit: 'messages',
    words: 'Global prefetch',
    rabbit: null,
    families: [
      {
        name: 'channel_prefetch',
        help: 'Total limit of unacknowledged messages for all consumers on a channel',
        groups: CHANNEL,
      },
    ],
    history: null,
  },
  published: {
    kind: 'counter',
    unit: 'messages',
    words: 'In',
    rabbit: 'message_stats.publish',
    families: [
      {
        name: 'channel_messages_published_total',
        help: 'Total number of messages published into an exchange on a channel',
        groups: PUBLISHING,
      },
    ],
    history: null,
    way: 'in',
  },
  confirmed: {
    kind: 'counter',
    unit: 'messages',
    words: 'Confirmed',
    rabbit: 'message_stats.confirm',
    families: [
      {
        name: 'channel_messages_confirmed_total',
        help: 'Total number of messages published into an exchange and confirmed on the channel',
        groups: PUBLISHING,
      },
    ],
    history: null,
    way: 'in',
  },
  /** Unroutable messages that went back to their publishers. */
  returned: {
    kind: 'counter',
    unit: 'messages',
    words: 'Returned',
    rabbit: 'message_stats.return_unroutable',
    families: [
      {
        name: 'channel_messages_unroutable_returned_total',
        help: 'Total number of messages published as mandatory into an exchange and returned to the publisher as unroutable',
        groups: PUBLISHING,
      },
    ],
    history: null,
    way: 'in',
  },
  /** Unroutable messages that were dropped without a word. */
  dropped: {
    kind: 'counter',
    unit: 'messages',
    words: 'Dropped',
    rabbit: 'message_stats.drop_unroutable',
    families: [
      {
        name: 'channel_messages_unroutable_dropped_total',
        help: 'Total number of messages published as non-mandatory into an exchange and dropped as unroutable',
        groups: PUBLISHING,
      },
    ],
    history: null,
    way: 'in',
  },
  /** Messages given by basic.get that have to be acked. */
  got: {
    kind: 'counter',
    unit: 'messages',
    words: 'Got',
    rabbit: 'message_stats.get',
    families: [
      {
        name: 'channel_get_ack_total',
        help: 'Total number of messages fetched with basic.get in manual acknowledgement mode',
        groups: CONSUMING,
      },
    ],
    history: null,
    way: 'out',
  },
  gotNoAck: {
    kind: 'counter',
    unit: 'messages',
    words: 'Got without ack',
    rabbit: 'message_stats.get_no_ack',
    families: [
      {
        name: 'channel_get_total',
        help: 'Total number of messages fetched with basic.get in automatic acknowledgement mode',
        groups: CONSUMING,
      },
    ],
    history: null,
    way: 'out',
  },
  /** Calls of basic.get that found nothing. */
  gotEmpty: {
    kind: 'counter',
    unit: 'requests',
    words: 'Gets that found nothing',
    rabbit: 'message_stats.get_empty',
    families: [
      {
        name: 'channel_get_empty_total',
        help: 'Total number of times basic.get operations fetched no message',
        groups: CONSUMING,
      },
    ],
    history: null,
    way: 'out',
  },
  /** Deliveries to consumers that have to ack. */
  deliveredAck: {
    kind: 'counter',
    unit: 'messages',
    words: 'Delivered to be acked',
    rabbit: 'message_stats.deliver',
    families: [
      {
        name: 'channel_messages_delivered_ack_total',
        help: 'Total number of messages delivered to consumers in manual acknowledgement mode',
        groups: CONSUMING,
      },
    ],
    history: null,
    way: 'out',
  },
  /** Deliveries to consumers that need not ack. */
  deliveredNoAck: {
    kind: 'counter',
    unit: 'messages',
    words: 'Delivered without ack',
    rabbit: 'message_stats.deliver_no_ack',
    families: [
      {
        name: 'channel_messages_delivered_total',
        help: 'Total number of messages delivered to consumers in automatic acknowledgement mode',
        groups: CONSUMING,
      },
    ],
    history: null,
    way: 'out',
  },
  /** All deliveries, by basic.get too. */
  delivered: {
    kind: 'counter',
    unit: 'messages',
    words: 'Delivered',
    rabbit: 'message_stats.deliver_get',
    families: [],
    history: null,
    way: 'out',
    from: { add: ['deliveredAck', 'deliveredNoAck', 'got', 'gotNoAck'] },
  },
  /** Deliveries that were not the first of their message. */
  redelivered: {
    kind: 'counter',
    unit: 'messages',
    words: 'Redelivered',
    rabbit: 'message_stats.redeliver',
    families: [
      {
        name: 'channel_messages_redelivered_total',
        help: 'Total number of messages redelivered to consumers',
        groups: CONSUMING,
      },
    ],
    history: null,
    way: 'out',
  },
  acked: {
    kind: 'counter',
    unit: 'messages',
    words: 'Acked',
    rabbit: 'message_stats.ack',
    families: [
      {
        name: 'channel_messages_acked_total',
        help: 'Total number of messages acknowledged by consumers',
        groups: CONSUMING,
      },
    ],
    history: null,
    way: 'out',
  },
} as const satisfies Figures;

export type ChannelCounters = Counters<typeof CHANNEL_FIGURES>;
