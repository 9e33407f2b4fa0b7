/** What is done to the node and its cluster as a whole. */
import * as z from 'zod';
import { EngineError } from '../engine/errors.ts';
import type { Overview } from '../engine/node.ts';
import type { Desk, RabbitDesk } from './desk.ts';
import { operation } from './operation.ts';

/** The one node; throws NOT_FOUND for another name. */
export async function requireNode({ engine }: Pick<Desk, 'engine'>, node: string): Promise<Overview> {
  const overview = await engine.overview();
  if (overview.node !== node) throw new EngineError('NOT_FOUND', `no node '${node}'`);
  return overview;
}

export const renameCluster = operation({
  action: 'cluster.rename',
  role: 'administrator',
  input: z.strictObject({ name: z.string().min(1) }),
  async run(desk, actor, { name }) {
    await desk.engine.putGlobalParameter(actor, 'cluster_name', name);
    return {};
  },
  subject: async (desk) => ({ name: (await desk.engine.overview()).clusterName }),
  note: ({ name }) => ({ object: name }),
});

/** Everything is enabled: there are no feature flags. */
export const enableFeatureFlag = operation({
  action: 'feature-flag.enable',
  role: 'administrator',
  input: z.strictObject({ name: z.string() }),
  async run() {
    throw new EngineError('INVALID_REQUEST', 'unsupported');
  },
  note: ({ name }) => ({ object: name }),
});

/** `node` left out: the one that there is. */
const ofNode = z.strictObject({ node: z.string().optional() });

export const resetLogins = operation({
  action: 'logins.reset',
  role: 'administrator',
  input: ofNode,
  async run(desk: RabbitDesk, actor, { node }) {
    if (node !== undefined) await requireNode(desk, node);
    await desk.facts.resetLogins(actor);
    return {};
  },
  note: ({ node }) => (node === undefined ? {} : { detail: `on ${node}` }),
});

/** The history behind rates begins again. */
export const resetStatistics = operation({
  action: 'statistics.reset',
  role: 'administrator',
  input: ofNode,
  async run(desk, _actor, { node }) {
    if (node !== undefined) await requireNode(desk, node);
    desk.metrics.reset();
    return {};
  },
  note: ({ node }) => (node === undefined ? {} : { detail: `on ${node}` }),
});
