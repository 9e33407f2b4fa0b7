import type { ClientConsumerInfo } from '../engine/clients.ts';
import { jsonTable } from '../fields/json-table.ts';
import type { ApiRoute, Call } from './api-route.ts';
import { listing } from './listing.ts';
import { nodeName } from './node-name.ts';
import { type ConsumerRow, consumerShape } from './schema/consumer.ts';
import { listOf, listQuery } from './schema/list.ts';

export function consumerRow(node: string, consumer: ClientConsumerInfo): ConsumerRow {
  return {
    consumer_tag: consumer.consumerTag,
    active: consumer.active,
    activity_status: consumer.activityStatus,
    ack_required: consumer.ackRequired,
    exclusive: consumer.exclusive,
    prefetch_count: consumer.prefetch,
    arguments: jsonTable(consumer.arguments),
    consumer_timeout: consumer.ackTimeoutMs ?? 'undefined',
    queue: { name: consumer.queue, vhost: consumer.vhost },
    channel_details: {
      name: consumer.channelName,
      number: consumer.channelNumber,
      connection_name: consumer.connectionName,
      peer_host: consumer.peerHost,
      peer_port: consumer.peerPort,
      node,
      user: consumer.user,
    },
  };
}

async function list(call: Call) {
  const node = await nodeName(call);
  const all = await call.desk.engine.listConsumers(call.actor);
  const { vhost } = call.params;
  const consumers = vhost === undefined ? all : all.filter((consumer) => consumer.vhost === vhost);
  return listing(call, consumers, (consumer) => consumerRow(node, consumer));
}

const LIST = { access: 'management', query: listQuery, answer: listOf(consumerShape), run: list } as const;

export const consumerRoutes: ApiRoute[] = [
  { method: 'GET', path: '/consumers', ...LIST },
  { method: 'GET', path: '/consumers/:vhost', ...LIST },
];
