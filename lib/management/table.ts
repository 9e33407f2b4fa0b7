/** RabbitMQ's management API, all of it: the one table of its entries. */
import { bindingEntries } from './bindings.ts';
import { channelEntries } from './channels.ts';
import { connectionEntries } from './connections.ts';
import { consumerEntries } from './consumers.ts';
import { countingEntries } from './counting.ts';
import { definitionEntries } from './definitions.ts';
import type { Entry } from './entry.ts';
import { exchangeEntries } from './exchanges.ts';
import { badRequest, Failure, notFound } from './failure.ts';
import { healthEntries } from './health.ts';
import { messageEntries } from './messages.ts';
import { nodeEntries } from './nodes.ts';
import { overviewEntries } from './overview.ts';
import { parameterEntries } from './parameters.ts';
import { permissionEntries } from './permissions.ts';
import { policyEntries } from './policies.ts';
import { queueEntries } from './queues.ts';
import { quorumReplicaEntries } from './quorum-replicas.ts';
import { userEntries } from './users.ts';
import { vhostEntries } from './vhosts.ts';

export const ENTRIES: readonly Entry[] = [
  ...overviewEntries,
  ...nodeEntries,
  ...healthEntries,
  ...countingEntries,
  ...queueEntries,
  ...quorumReplicaEntries,
  ...exchangeEntries,
  ...bindingEntries,
  ...messageEntries,
  ...connectionEntries,
  ...channelEntries,
  ...consumerEntries,
  ...vhostEntries,
  ...userEntries,
  ...permissionEntries,
  ...policyEntries,
  ...parameterEntries,
  ...definitionEntries,
];

interface Place {
  segments: string[];
  entry: Entry;
}

const byLength = new Map<number, Place[]>();
for (const entry of ENTRIES) {
  const segments = entry.path.slice(1).split('/');
  const places = byLength.get(segments.length) ?? [];
  places.push({ segments, entry });
  byLength.set(segments.length, places);
}

/**
 * The entry for a path below /api as it was sent, percent signs and all, with the `:name` segments, decoded but for
 * `:props`. Where two paths match, the one with the earlier fixed word counts; a slash at the end counts for nothing. Throws 404
 * and 405.
 */
export function findEntry(method: string, rawPath: string): { entry: Entry; params: Record<string, string> } {
  const sent = rawPath.replace(/^\/|(?<=[^/])\/$/g, '').split('/');
  const given = decoded(sent);
  const matching = (byLength.get(given.length) ?? []).filter(({ segments }) =>
    segments.every((segment, i) => segment.startsWith(':') || segment === given[i]),
  );
  if (matching.length === 0) throw notFound();
  const fixed = ({ segments }: Place): string =>
    segments.map((segment) => (segment.startsWith(':') ? '1' : '0')).join('');
  const best = matching.map(fixed).sort()[0];
  const places = matching.filter((place) => fixed(place) === best);
  const found =
    places.find(({ entry }) => entry.method === method) ?? matching.find(({ entry }) => entry.method === method);
  if (found === undefined) {
    const methods = places.flatMap(({ entry }) => (entry.method === 'GET' ? ['HEAD', 'GET'] : [entry.method]));
    throw new Failure(405, 'method_not_allowed', 'Method Not Allowed', { allow: [...methods, 'OPTIONS'].join(', ') });
  }
  const params: Record<string, string> = {};
  found.segments.forEach((segment, i) => {
    // Decoded, the key of a binding to "~" could not be told from the "~" that stands for no key.
    if (segment.startsWith(':')) params[segment.slice(1)] = (segment === ':props' ? sent : given)[i] as string;
  });
  return { entry: found.entry, params };
}

function decoded(segments: readonly string[]): string[] {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    throw badRequest('the path is not percent-encoded as it should be');
  }
}
