/** Families of queues, exchanges, channels and connections, with RabbitMQ's names and words. */
import type { ObjectKind } from '../engine/figures.ts';
import type { FamilyType } from './exposition.ts';

export interface Family {
  /** What /metrics/detailed calls the family's group. */
  group: string;
  /** The family's name without its prefix. */
  name: string;
  type: FamilyType;
  help: string;
  /** Columns that are added up. */
  of: readonly string[];
}

type Row = [group: string, name: string, type: FamilyType, help: string, ...of: string[]];

const families = (rows: Row[]): Family[] =>
  rows.map(([group, name, type, help, ...of]) => ({ group, name, type, help, of }));

export const FAMILIES: Readonly<Record<ObjectKind, readonly Family[]>> = {
  queues: families([
    ['queue_coarse_metrics', 'queue_messages_ready', 'gauge', 'Messages ready to be delivered to consumers', 'ready'],
    [
      'queue_coarse_metrics',
      'queue_messages_unacked',
      'gauge',
      'Messages delivered to consumers but not yet acknowledged',
      'unacked',
    ],
    [
      'queue_coarse_metrics',
      'queue_messages',
      'gauge',
      'Sum of ready and unacknowledged messages - total queue depth',
      'ready',
      'unacked',
    ],
    ['queue_consumer_count', 'queue_consumers', 'gauge', 'Consumers on a queue', 'consumers'],
    ['queue_metrics', 'queue_consumers', 'gauge', 'Consumers on a queue', 'consumers'],
    [
      'queue_metrics',
      'queue_messages_bytes',
      'gauge',
      'Size in bytes of ready and unacknowledged messages',
      'readyBytes',
      'unackedBytes',
    ],
    ['queue_metrics', 'queue_messages_ready_bytes', 'gauge', 'Size in bytes of ready messages', 'readyBytes'],
    [
      'queue_metrics',
      'queue_messages_unacked_bytes',
      'gauge',
      'Size in bytes of all unacknowledged messages',
      'unackedBytes',
    ],
    [
      'queue_delivery_metrics',
      'queue_messages_redelivered_total',
      'counter',
      'Total number of messages redelivered from a queue to consumers',
      'redelivered',
    ],
    ['queue_metrics', 'queue_consumer_capacity', 'gauge', 'Consumer capacity', 'consumerCapacity'],
    ['queue_metrics', 'queue_consumer_utilisation', 'gauge', 'Same as consumer capacity', 'consumerCapacity'],
    [
      'channel_queue_exchange_metrics',
      'queue_messages_published_total',
      'counter',
      'Total number of messages published to queues',
      'published',
    ],
    [
      'queue_delivery_metrics',
      'queue_messages_acked_total',
      'counter',
      'Total number of messages acknowledged by consumers on a queue',
      'acked',
    ],
  ]),
  exchanges: families([
    [
      'exchange_metrics',
      'exchange_messages_published_total',
      'counter',
      'Total number of messages published into an exchange',
      'published',
    ],
  ]),
  channels: families([
    ['channel_metrics', 'channel_consumers', 'gauge', 'Consumers on a channel', 'consumers'],
    ['channel_metrics', 'channel_messages_unacked', 'gauge', 'Delivered but not yet acknowledged messages', 'unacked'],
    [
      'channel_metrics',
      'channel_messages_unconfirmed',
      'gauge',
      'Published but not yet confirmed messages',
      'unconfirmed',
    ],
    [
      'channel_metrics',
      'channel_messages_uncommitted',
      'gauge',
      'Messages received in a transaction but not yet committed',
      'uncommitted',
    ],
    [
      'channel_metrics',
      'channel_acks_uncommitted',
      'gauge',
      'Message acknowledgements in a transaction not yet committed',
      'acksUncommitted',
    ],
    ['channel_metrics', 'consumer_prefetch', 'gauge', 'Limit of unacknowledged messages for each consumer', 'prefetch'],
    [
      'channel_metrics',
      'channel_prefetch',
      'gauge',
      'Total limit of unacknowledged messages for all consumers on a channel',
      'globalPrefetch',
    ],
    [
      'channel_exchange_metrics',
      'channel_messages_published_total',
      'counter',
      'Total number of messages published into an exchange on a channel',
      'published',
    ],
    [
      'channel_exchange_metrics',
      'channel_messages_confirmed_total',
      'counter',
      'Total number of messages published into an exchange and confirmed on the channel',
      'confirmed',
    ],
    [
      'channel_exchange_metrics',
      'channel_messages_unroutable_returned_total',
      'counter',
      'Total number of messages published as mandatory into an exchange and returned to the publisher as unroutable',
      'returned',
    ],
    [
      'channel_exchange_metrics',
      'channel_messages_unroutable_dropped_total',
      'counter',
      'Total number of messages published as non-mandatory into an exchange and dropped as unroutable',
      'dropped',
    ],
    [
      'channel_queue_metrics',
      'channel_get_ack_total',
      'counter',
      'Total number of messages fetched with basic.get in manual acknowledgement mode',
      'got',
    ],
    [
      'channel_queue_metrics',
      'channel_get_total',
      'counter',
      'Total number of messages fetched with basic.get in automatic acknowledgement mode',
      'gotNoAck',
    ],
    [
      'channel_queue_metrics',
      'channel_get_empty_total',
      'counter',
      'Total number of times basic.get operations fetched no message',
      'gotEmpty',
    ],
    [
      'channel_queue_metrics',
      'channel_messages_delivered_ack_total',
      'counter',
      'Total number of messages delivered to consumers in manual acknowledgement mode',
      'delivered',
    ],
    [
      'channel_queue_metrics',
      'channel_messages_delivered_total',
      'counter',
      'Total number of messages delivered to consumers in automatic acknowledgement mode',
      'deliveredNoAck',
    ],
    [
      'channel_queue_metrics',
      'channel_messages_redelivered_total',
      'counter',
      'Total number of messages redelivered to consumers',
      'redelivered',
    ],
    [
      'channel_queue_metrics',
      'channel_messages_acked_total',
      'counter',
      'Total number of messages acknowledged by consumers',
      'acked',
    ],
  ]),
  connections: families([
    [
      'connection_coarse_metrics',
      'connection_incoming_bytes_total',
      'counter',
      'Total number of bytes received on a connection',
      'receivedBytes',
    ],
    [
      'connection_coarse_metrics',
      'connection_outgoing_bytes_total',
      'counter',
      'Total number of bytes sent on a connection',
      'sentBytes',
    ],
    [
      'connection_metrics',
      'connection_incoming_packets_total',
      'counter',
      'Total number of packets received on a connection',
      'receivedPackets',
    ],
    [
      'connection_metrics',
      'connection_outgoing_packets_total',
      'counter',
      'Total number of packets sent on a connection',
      'sentPackets',
    ],
    ['connection_metrics', 'connection_channels', 'gauge', 'Channels on a connection', 'channels'],
  ]),
};
