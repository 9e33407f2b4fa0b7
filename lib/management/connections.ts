import type { ConnectionInfo } from '../engine/clients.ts';
import { jsonTable } from '../fields/json-table.ts';
import { closeConnection, closeConnectionsOfUser } from '../operations/connections.ts';
import { type ApiRoute, acting, type Call, param } from './api-route.ts';
import { notFound } from './failure.ts';
import { listing, single } from './listing.ts';
import { nodeName } from './node-name.ts';
import { type ConnectionRow, connectionShape } from './schema/connection.ts';
import { columnsQuery, listOf, listQuery } from './schema/list.ts';
import { statsOf } from './stats.ts';

/** `none` is what RabbitMQ says of TLS where there is none: in a list null, of one connection an empty text. */
function connectionRow(node: string, connection: ConnectionInfo, none: null | ''): ConnectionRow {
  const { tls, counters, rates } = connection;
  return {
    name: connection.name,
    ...(connection.userProvidedName !== null && { user_provided_name: connection.userProvidedName }),
    node,
    state: connection.state,
    user: connection.user,
    user_who_performed_action: connection.user,
    vhost: connection.vhost,
    protocol: connection.protocol,
    type: 'network',
    host: connection.host,
    port: connection.port,
    peer_host: connection.peerHost,
    peer_port: connection.peerPort,
    ssl: tls !== null,
    ssl_protocol: tls?.protocol ?? none,
    ssl_key_exchange: tls?.keyExchange ?? none,
    ssl_cipher: tls?.cipher ?? none,
    ssl_hash: tls?.hash ?? none,
    peer_cert_subject: tls?.peerCertificate?.subject ?? none,
    peer_cert_issuer: tls?.peerCertificate?.issuer ?? none,
    peer_cert_validity: tls?.peerCertificate?.validity ?? none,
    auth_mechanism: connection.authMechanism,
    timeout: connection.heartbeatSeconds,
    frame_max: connection.frameMax,
    channel_max: connection.channelMax,
    channels: connection.channels,
    connected_at: connection.connectedAtMs,
    client_properties: jsonTable(connection.clientProperties),
    ...statsOf([
      { name: 'recv_oct', value: counters.receivedBytes, rate: rates.receivedBytes },
      { name: 'send_oct', value: counters.sentBytes, rate: rates.sentBytes },
    ]),
    recv_cnt: connection.receivedPackets,
    send_cnt: connection.sentPackets,
    send_pend: connection.pendingBytes,
  };
}

async function list(call: Call, wanted: (connection: ConnectionInfo) => boolean) {
  const node = await nodeName(call);
  const connections = (await call.desk.engine.listConnections(call.actor)).filter(wanted);
  return listing(call, connections, (connection) => connectionRow(node, connection, null));
}

const LIST = { access: 'management', query: listQuery, answer: listOf(connectionShape) } as const;

export const connectionRoutes: ApiRoute[] = [
  { method: 'GET', path: '/connections', ...LIST, run: (call) => list(call, () => true) },
  {
    method: 'GET',
    path: '/vhosts/:vhost/connections',
    ...LIST,
    run: (call) => list(call, ({ vhost }) => vhost === call.params.vhost),
  },
  {
    method: 'GET',
    path: '/connections/username/:user',
    ...LIST,
    run: (call) => list(call, ({ user }) => user === call.params.user),
  },
  acting({
    method: 'DELETE',
    path: '/connections/username/:user',
    operation: closeConnectionsOfUser,
    input: (call) => ({ user: param(call, 'user'), reason: call.reason }),
  }),
  {
    method: 'GET',
    path: '/connections/:name',
    access: 'management',
    query: columnsQuery,
    answer: connectionShape,
    async run(call) {
      const node = await nodeName(call);
      const connection = await call.desk.engine.connection(call.actor, param(call, 'name'));
      return single(call, connectionRow(node, connection, ''));
    },
  },
  acting({
    method: 'DELETE',
    path: '/connections/:name',
    operation: closeConnection,
    input: (call) => ({ name: param(call, 'name'), reason: call.reason }),
  }),
  {
    method: 'GET',
    path: '/connections/:name/sessions',
    access: 'management',
    async run() {
      // Sessions are AMQP 1.0's.
      throw notFound();
    },
  },
];
