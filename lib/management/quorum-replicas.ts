/** Where the replicas of quorum queues are: on the one node, which is every queue's only member and its leader. */
import { type ApiRoute, apiRoute, type Call, NO_CONTENT, ok, param } from './api-route.ts';
import { badRequest, notFound } from './failure.ts';
import { nodeName } from './node-name.ts';
import { quorumMembers, replicaOnNode } from './schema/health.ts';

async function requireQuorum(call: Call): Promise<void> {
  const { type } = await call.desk.engine.queue(call.actor, param(call, 'vhost'), param(call, 'name'));
  if (type !== 'quorum') throw badRequest(`${type}_queue_not_supported`);
}

async function requireOwnNode(call: Call<{ node: string }>): Promise<void> {
  if (call.body.node !== (await nodeName(call))) throw badRequest('node_not_running');
}

async function requireNodeOfPath(call: Call): Promise<void> {
  if (param(call, 'node') !== (await nodeName(call))) throw notFound();
}

const REPLICAS = '/queues/quorum/:vhost/:name/replicas';
const ON_NODE = '/queues/quorum/replicas/on/:node';

export const quorumReplicaRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/queues/quorum/:vhost/:name/status',
    access: 'management',
    answer: quorumMembers,
    async run(call) {
      await requireQuorum(call);
      return ok([{ 'Node Name': await nodeName(call), 'Raft State': 'leader', Membership: 'voter' }]);
    },
  },
  apiRoute({
    method: 'POST',
    path: `${REPLICAS}/add`,
    access: 'administrator',
    action: 'replica.add',
    body: replicaOnNode,
    async run(call) {
      await requireQuorum(call);
      await requireOwnNode(call);
      // It is a member already.
      return NO_CONTENT;
    },
  }),
  apiRoute({
    method: 'DELETE',
    path: `${REPLICAS}/delete`,
    access: 'administrator',
    action: 'replica.delete',
    body: replicaOnNode,
    async run(call) {
      await requireQuorum(call);
      await requireOwnNode(call);
      throw badRequest('last_node');
    },
  }),
  {
    method: 'POST',
    path: `${ON_NODE}/grow`,
    access: 'administrator',
    action: 'replica.grow',
    async run(call) {
      await requireNodeOfPath(call);
      return NO_CONTENT;
    },
  },
  {
    method: 'DELETE',
    path: `${ON_NODE}/shrink`,
    access: 'administrator',
    action: 'replica.shrink',
    async run(call) {
      await requireNodeOfPath(call);
      throw badRequest('last_node');
    },
  },
];
