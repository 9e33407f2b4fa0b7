/** RabbitMQ's management API, all of it: the one table of routes. */

import type { ApiRoute } from './api-route.ts';
import { bindingRoutes } from './bindings.ts';
import { channelRoutes } from './channels.ts';
import { connectionRoutes } from './connections.ts';
import { consumerRoutes } from './consumers.ts';
import { countingRoutes } from './counting.ts';
import { definitionRoutes } from './definitions.ts';
import { exchangeRoutes } from './exchanges.ts';
import { badRequest, Failure, notFound } from './failure.ts';
import { healthRoutes } from './health.ts';
import { messageRoutes } from './messages.ts';
import { nodeRoutes } from './nodes.ts';
import { overviewRoutes } from './overview.ts';
import { parameterRoutes } from './parameters.ts';
import { permissionRoutes } from './permissions.ts';
import { policyRoutes } from './policies.ts';
import { queueRoutes } from './queues.ts';
import { quorumReplicaRoutes } from './quorum-replicas.ts';
import { userRoutes } from './users.ts';
import { vhostRoutes } from './vhosts.ts';

export const API_ROUTES: readonly ApiRoute[] = [
  ...overviewRoutes,
  ...nodeRoutes,
  ...healthRoutes,
  ...countingRoutes,
  ...queueRoutes,
  ...quorumReplicaRoutes,
  ...exchangeRoutes,
  ...bindingRoutes,
  ...messageRoutes,
  ...connectionRoutes,
  ...channelRoutes,
  ...consumerRoutes,
  ...vhostRoutes,
  ...userRoutes,
  ...permissionRoutes,
  ...policyRoutes,
  ...parameterRoutes,
  ...definitionRoutes,
];

interface RoutePattern {
  segments: string[];
  route: ApiRoute;
}

const byLength = new Map<number, RoutePattern[]>();
for (const route of API_ROUTES) {
  const segments = route.path.slice(1).split('/');
  const patterns = byLength.get(segments.length) ?? [];
  patterns.push({ segments, route });
  byLength.set(segments.length, patterns);
}

/**
 * The route for a path below /api as it was sent, percent signs and all, with the `:name` segments, decoded but for
 * `:props`. Where two paths match, the one with the earlier fixed word counts; a slash at the end counts for nothing. Throws 404
 * and 405.
 */
export function findRoute(method: string, rawPath: string): { route: ApiRoute; params: Record<string, string> } {
  const sent = rawPath.replace(/^\/|(?<=[^/])\/$/g, '').split('/');
  const segmentsOfPath = decoded(sent);
  const matching = (byLength.get(segmentsOfPath.length) ?? []).filter(({ segments }) =>
    segments.every((segment, i) => segment.startsWith(':') || segment === segmentsOfPath[i]),
  );
  if (matching.length === 0) throw notFound();
  const fixed = ({ segments }: RoutePattern): string =>
    segments.map((segment) => (segment.startsWith(':') ? '1' : '0')).join('');
  const best = matching.map(fixed).sort()[0];
  const patterns = matching.filter((pattern) => fixed(pattern) === best);
  const found =
    patterns.find(({ route }) => route.method === method) ?? matching.find(({ route }) => route.method === method);
  if (found === undefined) {
    const methods = patterns.flatMap(({ route }) => (route.method === 'GET' ? ['HEAD', 'GET'] : [route.method]));
    throw new Failure(405, 'method_not_allowed', 'Method Not Allowed', { allow: [...methods, 'OPTIONS'].join(', ') });
  }
  const params: Record<string, string> = {};
  found.segments.forEach((segment, i) => {
    // Decoded, the key of a binding to "~" could not be told from the "~" that stands for no key.
    if (segment.startsWith(':')) params[segment.slice(1)] = (segment === ':props' ? sent : segmentsOfPath)[i] as string;
  });
  return { route: found.route, params };
}

function decoded(segments: readonly string[]): string[] {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    throw badRequest('the path is not percent-encoded as it should be');
  }
}
