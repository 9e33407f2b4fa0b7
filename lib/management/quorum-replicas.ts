/** Where the replicas of quorum queues are: on the one node, which is every queue's only member and its leader. */

import { addReplica, deleteReplica, growReplicas, requireQuorum, shrinkReplicas } from '../operations/replicas.ts';
import { refusalCode } from '../web/refusal.ts';
import { type ApiRoute, acting, named, ok } from './api-route.ts';
import { notFound } from './failure.ts';
import { nodeName } from './node-name.ts';
import { quorumMembers, replicaOnNode } from './schema/health.ts';

const REPLICAS = '/queues/quorum/:vhost/:name/replicas';
const ON_NODE = '/queues/quorum/replicas/on/:node';

export const quorumReplicaRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/queues/quorum/:vhost/:name/status',
    access: 'management',
    answer: quorumMembers,
    async run(call) {
      await requireQuorum(call.desk, call.actor, named(call, 'vhost', 'name'));
      return ok([{ 'Node Name': await nodeName(call), 'Raft State': 'leader', Membership: 'voter' }]);
    },
  },
  acting({
    method: 'POST',
    path: `${REPLICAS}/add`,
    operation: addReplica,
    body: replicaOnNode,
    input: (call) => ({ ...named(call, 'vhost', 'name'), node: call.body.node }),
  }),
  acting({
    method: 'DELETE',
    path: `${REPLICAS}/delete`,
    operation: deleteReplica,
    body: replicaOnNode,
    input: (call) => ({ ...named(call, 'vhost', 'name'), node: call.body.node }),
  }),
  acting({
    method: 'POST',
    path: `${ON_NODE}/grow`,
    operation: growReplicas,
    input: (call) => named(call, 'node'),
    // The path names the node.
    refused: (error) => (refusalCode(error) === 'NOT_FOUND' ? notFound() : error),
  }),
  acting({
    method: 'DELETE',
    path: `${ON_NODE}/shrink`,
    operation: shrinkReplicas,
    input: (call) => named(call, 'node'),
  }),
];
