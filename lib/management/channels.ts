import type { ChannelInfo } from '../engine/clients.ts';
import { type ApiRoute, type Call, param } from './api-route.ts';
import { consumerRow } from './consumers.ts';
import { listing, single } from './listing.ts';
import { messageStats } from './message-stats.ts';
import { nodeName } from './node-name.ts';
import { type ChannelRow, channelDetail, channelShape } from './schema/channel.ts';
import { columnsQuery, listOf, listQuery } from './schema/list.ts';

function channelRow(node: string, channel: ChannelInfo): ChannelRow {
  return {
    name: channel.name,
    number: channel.number,
    node,
    user: channel.user,
    user_who_performed_action: channel.user,
    vhost: channel.vhost,
    connection_details: { name: channel.connectionName, peer_host: channel.peerHost, peer_port: channel.peerPort },
    state: channel.state,
    consumer_count: channel.consumers,
    confirm: channel.confirm,
    transactional: channel.transactional,
    prefetch_count: channel.prefetch,
    global_prefetch_count: channel.globalPrefetch,
    messages_unacknowledged: channel.unacked,
    messages_unconfirmed: channel.unconfirmed,
    messages_uncommitted: channel.uncommitted,
    acks_uncommitted: channel.acksUncommitted,
    ...(channel.idleSinceMs !== null && { idle_since: new Date(channel.idleSinceMs).toISOString() }),
    ...messageStats(channel.counters, channel.rates),
  };
}

async function list(call: Call, wanted: (channel: ChannelInfo) => boolean) {
  const node = await nodeName(call);
  const channels = (await call.desk.engine.listChannels(call.actor)).filter(wanted);
  return listing(call, channels, (channel) => channelRow(node, channel));
}

const LIST = { access: 'management', query: listQuery, answer: listOf(channelShape) } as const;

export const channelRoutes: ApiRoute[] = [
  { method: 'GET', path: '/channels', ...LIST, run: (call) => list(call, () => true) },
  {
    method: 'GET',
    path: '/vhosts/:vhost/channels',
    ...LIST,
    run: (call) => list(call, ({ vhost }) => vhost === call.params.vhost),
  },
  {
    method: 'GET',
    path: '/connections/:name/channels',
    ...LIST,
    async run(call) {
      const { name } = await call.desk.engine.connection(call.actor, param(call, 'name'));
      return list(call, ({ connectionName }) => connectionName === name);
    },
  },
  {
    method: 'GET',
    path: '/channels/:name',
    access: 'management',
    query: columnsQuery,
    answer: channelDetail,
    async run(call) {
      const { engine } = call.desk;
      const node = await nodeName(call);
      const channel = await engine.channel(call.actor, param(call, 'name'));
      const consumers = await engine.listConsumers(call.actor);
      const own = consumers.filter(({ channelName }) => channelName === channel.name);
      const details = { consumer_details: own.map((one) => consumerRow(node, one)), publishes: [], deliveries: [] };
      return single(call, { ...channelRow(node, channel), ...details });
    },
  },
];
