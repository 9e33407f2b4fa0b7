/** Replicas of quorum queues. There is one node, which is every queue's only member and its leader. */
import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import type { Desk } from './desk.ts';
import { objectName, vhostName } from './fields.ts';
import { requireNode } from './node.ts';
import { type ActNote, operation } from './operation.ts';

interface Replica {
  vhost: string;
  name: string;
  node: string;
}

const replica = z.strictObject({ vhost: vhostName, name: objectName, node: z.string() });

/** Throws INVALID_REQUEST for a queue of another type: it has no replicas. */
export async function requireQuorum(desk: Desk, actor: Actor, { vhost, name }: Omit<Replica, 'node'>): Promise<void> {
  const { type } = await desk.engine.queue(actor, vhost, name);
  if (type !== 'quorum') throw new EngineError('INVALID_REQUEST', `${type}_queue_not_supported`);
}

async function requireMember(desk: Desk, actor: Actor, { vhost, name, node }: Replica): Promise<void> {
  await requireQuorum(desk, actor, { vhost, name });
  if ((await desk.engine.overview()).node !== node) throw new EngineError('INVALID_REQUEST', 'node_not_running');
}

const note = ({ vhost, name, node }: Replica): ActNote => ({ vhost, object: name, detail: `on ${node}` });

/** The one node is a member of every quorum queue already. */
export const addReplica = operation({
  action: 'replica.add',
  role: 'administrator',
  input: replica,
  async run(desk, actor, input) {
    await requireMember(desk, actor, input);
    return {};
  },
  note,
});

/** A queue's only replica stays. */
export const deleteReplica = operation({
  action: 'replica.delete',
  role: 'administrator',
  input: replica,
  async run(desk, actor, input) {
    await requireMember(desk, actor, input);
    throw new EngineError('INVALID_REQUEST', 'last_node');
  },
  note,
});

const onNode = z.strictObject({ node: z.string() });

export const growReplicas = operation({
  action: 'replica.grow',
  role: 'administrator',
  input: onNode,
  async run(desk, _actor, { node }) {
    await requireNode(desk, node);
    return {};
  },
  note: ({ node }) => ({ object: node }),
});

export const shrinkReplicas = operation({
  action: 'replica.shrink',
  role: 'administrator',
  input: onNode,
  async run(desk, _actor, { node }) {
    await requireNode(desk, node);
    throw new EngineError('INVALID_REQUEST', 'last_node');
  },
  note: ({ node }) => ({ object: node }),
});
