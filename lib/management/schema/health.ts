/** Health checks, and lists that are empty on a broker of one node without plugins. */
import * as z from 'zod';

export const healthy = z
  .strictObject({
    status: z.literal('ok'),
    reason: z.string().optional(),
    port: z.int().optional(),
    protocol: z.string().optional(),
    protocols: z.array(z.string()).optional(),
    limit: z.union([z.int(), z.literal('infinity')]).optional(),
    connections: z.int().optional(),
  })
  .meta({ id: 'Healthy' });

/** The body of 503; what else it says depends on the check. */
export const unhealthy = z.looseObject({ status: z.literal('failed'), reason: z.string() }).meta({ id: 'Unhealthy' });

export const emptyList = z.array(z.never());

export const quorumMembers = z.array(
  z.strictObject({ 'Node Name': z.string(), 'Raft State': z.string(), Membership: z.string() }),
);

/** Names the node that a replica is to be on. */
export const replicaOnNode = z.object({ node: z.string({ error: 'not_a_string' }) });
