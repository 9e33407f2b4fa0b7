import type { VhostInfo } from '../engine/administration.ts';
import { deleteVhost, protectVhost, putVhost, startVhost, unprotectVhost } from '../operations/vhosts.ts';
import { refusalCode } from '../web/refusal.ts';
import { type ApiRoute, acting, type Call, param, put } from './api-route.ts';
import { Failure } from './failure.ts';
import { listing, single } from './listing.ts';
import { messageStats } from './message-stats.ts';
import { nodeName } from './node-name.ts';
import { columnsQuery, figuresQuery, listOf, listQuery } from './schema/list.ts';
import { type VhostRow, vhostPut, vhostShape } from './schema/vhost.ts';
import { rangeOf, statsOf } from './stats.ts';

const BOTH = { add: ['ready', 'unacked'] };

function vhostRow({ desk, query }: Call, node: string, vhost: VhostInfo): VhostRow {
  const { name, description, tags } = vhost;
  const slope = desk.metrics.totalsSlope([name]);
  const rate = (...columns: ('ready' | 'unacked')[]) => slope?.(columns, 'gauge') ?? 0;
  const default_queue_type = vhost.defaultQueueType ?? 'classic';
  return {
    name,
    description,
    tags,
    default_queue_type,
    metadata: { description, tags, default_queue_type },
    tracing: vhost.tracing,
    protected_from_deletion: vhost.protectedFromDeletion,
    cluster_state: { [node]: 'running' },
    ...statsOf(
      [
        {
          name: 'messages',
          value: vhost.ready + vhost.unacked,
          rate: rate('ready', 'unacked'),
          series: BOTH,
          kind: 'gauge',
        },
        { name: 'messages_ready', value: vhost.ready, rate: rate('ready'), series: 'ready', kind: 'gauge' },
        {
          name: 'messages_unacknowledged',
          value: vhost.unacked,
          rate: rate('unacked'),
          series: 'unacked',
          kind: 'gauge',
        },
      ],
      rangeOf(query, 'lengths'),
      (spanMs) => desk.metrics.course({ scope: 'totals', of: [name] }, spanMs),
    ),
    ...statsOf([
      { name: 'recv_oct', value: vhost.octets.receivedBytes, rate: vhost.octetRates.receivedBytes },
      { name: 'send_oct', value: vhost.octets.sentBytes, rate: vhost.octetRates.sentBytes },
    ]),
    ...messageStats(vhost.counters, vhost.rates),
  };
}

const nameOf = (call: Call) => ({ name: param(call, 'vhost') });

export const vhostRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/vhosts',
    access: 'management',
    query: listQuery.extend(figuresQuery.shape),
    answer: listOf(vhostShape),
    async run(call) {
      const node = await nodeName(call);
      const vhosts = await call.desk.engine.listVhostInfos(call.actor);
      return listing(call, vhosts, (vhost) => vhostRow(call, node, vhost));
    },
  },
  {
    method: 'GET',
    path: '/vhosts/:vhost',
    access: 'management',
    query: columnsQuery.extend(figuresQuery.shape),
    answer: vhostShape,
    async run(call) {
      const node = await nodeName(call);
      const vhost = await call.desk.engine.vhost(call.actor, param(call, 'vhost'));
      return single(call, vhostRow(call, node, vhost));
    },
  },
  acting({
    method: 'PUT',
    path: '/vhosts/:name',
    operation: putVhost,
    body: vhostPut,
    input(call) {
      const { body } = call;
      const defaultQueueType = body.default_queue_type ?? body.defaultqueuetype ?? 'undefined';
      return {
        name: param(call, 'name'),
        ...(typeof body.description === 'string' && { description: body.description }),
        ...(body.tags && { tags: body.tags }),
        ...(defaultQueueType !== 'undefined' && { defaultQueueType }),
        ...(typeof body.protected_from_deletion === 'boolean' && {
          protectedFromDeletion: body.protected_from_deletion,
        }),
        ...(typeof body.tracing === 'boolean' && { tracing: body.tracing }),
      };
    },
    reply: put,
  }),
  acting({
    method: 'DELETE',
    path: '/vhosts/:vhost',
    operation: deleteVhost,
    input: nameOf,
    refused: (error, call) =>
      refusalCode(error) === 'PRECONDITION_FAILED'
        ? new Failure(412, 'precondition_failed', `Cannot delete protected virtual host '${nameOf(call).name}'`)
        : error,
  }),
  acting({
    method: 'POST',
    path: '/vhosts/:vhost/deletion/protection',
    operation: protectVhost,
    input: nameOf,
  }),
  acting({
    method: 'DELETE',
    path: '/vhosts/:vhost/deletion/protection',
    operation: unprotectVhost,
    input: nameOf,
  }),
  acting({
    method: 'POST',
    path: '/vhosts/:vhost/start/:node',
    operation: startVhost,
    input: (call) => ({ ...nameOf(call), node: param(call, 'node') }),
  }),
];
