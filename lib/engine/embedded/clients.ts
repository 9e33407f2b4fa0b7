/** The commands about who is connected to the broker in this thread. */
import { findField } from '../../amqp/field-table.ts';
import type { Broker } from '../../broker/broker.ts';
import type { Consumer } from '../../broker/consumers/consumer.ts';
import { CHANNEL_FIGURES } from '../../figures/channel-figures.ts';
import { zeros } from '../../figures/figure.ts';
import type { Channel } from '../../server/channel.ts';
import type { Connection } from '../../server/connection.ts';
import type { Listener } from '../../server/listener.ts';
import type { Actor } from '../actor.ts';
import type { ChannelInfo, ClientConsumerInfo, Clients, ConnectionInfo, ConnectionState, TlsInfo } from '../clients.ts';
import { EngineError } from '../errors.ts';
import { userAs } from './acting-user.ts';
import { typedTable } from './typed-table.ts';

export function createClients(broker: Broker, listener: Listener): Clients {
  const shownTo = (actor: Actor): Connection[] => {
    const who = userAs('management', broker, actor);
    const entered = [...listener.connections].filter((connection) => connection.hasEntered);
    return who.hasRole('monitoring') ? entered : entered.filter(({ session }) => session.user === who);
  };
  const shownChannels = (actor: Actor): Channel[] => shownTo(actor).flatMap((one) => [...one.channels.values()]);
  const connectionOf = (actor: Actor, name: string): Connection => {
    const found = shownTo(actor).find((connection) => connection.name === name);
    if (!found) throw new EngineError('NOT_FOUND', `no connection '${name}'`);
    return found;
  };
  const requireOwn = (actor: Actor, user: string): void => {
    const who = userAs('management', broker, actor);
    if (who.name === user || who.hasRole('administrator')) return;
    throw new EngineError('ACCESS_REFUSED', 'User not authorised to access object');
  };
  const close = (connection: Connection, reason: string): void => {
    connection.force(reason);
    listener.turn.end();
  };

  return {
    async listConnections(actor) {
      return shownTo(actor).map((connection) => connectionInfo(broker, connection));
    },

    async connection(actor, name) {
      return connectionInfo(broker, connectionOf(actor, name));
    },

    async listChannels(actor) {
      return shownChannels(actor).map(channelInfo);
    },

    async channel(actor, name) {
      const found = shownChannels(actor).find((channel) => nameOf(channel) === name);
      if (!found) throw new EngineError('NOT_FOUND', `no channel '${name}'`);
      return channelInfo(found);
    },

    async listConsumers(actor) {
      return shownChannels(actor).flatMap((channel) =>
        [...channel.consumers.values()]
          .filter(({ queue }) => isListed(broker, queue))
          .map((consumer) => clientConsumerInfo(channel, consumer)),
      );
    },

    async closeConnection(actor, name, reason) {
      const connection = connectionOf(actor, name);
      requireOwn(actor, connection.session.user.name);
      close(connection, reason);
    },

    async closeConnectionsOfUser(actor, user, reason) {
      requireOwn(actor, user);
      const open = [...listener.connections].filter((one) => one.isOpen && one.session.user.name === user);
      for (const connection of open) close(connection, reason);
      return open.length;
    },
  };
}

function connectionInfo(broker: Broker, connection: Connection): ConnectionInfo {
  const { name, session, local, peer, writer, handshake, meter } = connection;
  const clientName = findField(handshake.clientProperties, 'connection_name');
  return {
    name,
    userProvidedName: clientName?.type === 'S' ? clientName.value.toString() : null,
    user: session.user.name,
    vhost: session.vhost.name,
    protocol: 'AMQP 0-9-1',
    state: stateOf(broker, connection),
    host: local.host,
    port: local.port,
    peerHost: peer.host,
    peerPort: peer.port,
    channels: connection.channelCount,
    connectedAtMs: connection.connectedAtMs,
    clientProperties: typedTable(handshake.clientProperties),
    authMechanism: handshake.mechanism,
    heartbeatSeconds: connection.heartbeatSeconds,
    frameMax: connection.frameMax,
    channelMax: connection.channelMax,
    tls: tlsInfo(connection),
    counters: connection.octets(),
    rates: meter ? { ...meter.rates } : { receivedBytes: 0, sentBytes: 0 },
    receivedPackets: connection.receivedChunks,
    sentPackets: writer.writeCount,
    pendingBytes: writer.unsentBytes,
  };
}

function tlsInfo({ tls }: Connection): TlsInfo | null {
  if (tls === null) return null;
  const { protocol, keyExchange, cipher, hash, peerCertificate } = tls;
  return { protocol, keyExchange, cipher, hash, peerCertificate };
}

function stateOf(broker: Broker, connection: Connection): ConnectionState {
  if (connection.isClosing) return 'closing';
  if (connection.isBlocked) return 'blocked';
  // It will be blocked when it publishes.
  if (broker.blocked) return 'blocking';
  return connection.isSlowed ? 'flow' : 'running';
}

function nameOf(channel: Channel): string {
  return `${channel.connection.name} (${channel.id})`;
}

function channelInfo(channel: Channel): ChannelInfo {
  const { connection, confirms, transaction, unacked, meter } = channel;
  const { session, peer } = connection;
  return {
    name: nameOf(channel),
    number: channel.id,
    connectionName: connection.name,
    peerHost: peer.host,
    peerPort: peer.port,
    user: session.user.name,
    vhost: session.vhost.name,
    state: channel.closing ? 'closing' : connection.isSlowed ? 'flow' : 'running',
    consumers: channel.consumers.size,
    prefetch: channel.consumerPrefetch,
    globalPrefetch: channel.channelPrefetch,
    confirm: confirms !== null,
    transactional: transaction !== null,
    unacked: unacked.size,
    unconfirmed: confirms?.pendingCount ?? 0,
    uncommitted: transaction?.publishCount ?? 0,
    acksUncommitted: transaction ? unacked.count((tag) => transaction.hasSettled(tag)) : 0,
    idleSinceMs: meter?.stillSinceMs ?? null,
    counters: { ...channel.counts },
    rates: meter ? { ...meter.rates } : zeros(CHANNEL_FIGURES),
  };
}

/** Places for direct replies are in no list. */
function isListed(broker: Broker, queue: Consumer['queue']): boolean {
  return broker.vhosts.get(queue.vhost)?.queues.get(queue.name) === queue;
}

function clientConsumerInfo(channel: Channel, consumer: Consumer): ClientConsumerInfo {
  const { connection } = channel;
  const { queue } = consumer;
  const { active: chosen } = queue.consumers;
  const active = chosen === undefined || chosen === consumer;
  return {
    consumerTag: consumer.tag,
    vhost: queue.vhost,
    queue: queue.name,
    channelName: nameOf(channel),
    channelNumber: channel.id,
    connectionName: connection.name,
    peerHost: connection.peer.host,
    peerPort: connection.peer.port,
    user: connection.session.user.name,
    ackRequired: !consumer.noAck,
    exclusive: consumer.exclusive,
    active,
    activityStatus: chosen === undefined ? 'up' : active ? 'single_active' : 'waiting',
    prefetch: consumer.prefetch,
    unacked: consumer.unackedCount,
    ackTimeoutMs: queue.options.ackTimeoutMs ?? connection.limits.ackTimeoutMs,
    arguments: typedTable(consumer.arguments),
  };
}
