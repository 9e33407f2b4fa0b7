/** The pages that a Prometheus scrapes: paths and parameters as RabbitMQ has them. */
import type { Monitoring, ObjectFigures, ObjectKind } from '../engine/figures.ts';
import { type Endpoint, writeBroker, writeIdentity } from './broker-families.ts';
import { Exposition } from './exposition.ts';
import { groupsOf, kindsOf, objectTexts, writeCluster, writeSums } from './object-families.ts';
import { processFacts } from './process-facts.ts';

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '/metrics': 'aggregated',
  '/metrics/per-object': 'per-object',
  '/metrics/detailed': 'detailed',
};
/** Kinds of objects on a page without groups. As with RabbitMQ: exchanges only in detail. */
const KINDS: ObjectKind[] = ['queues', 'channels', 'connections'];

/** The page in pieces; null for a path that has none. */
export function metricsPage(
  monitoring: Monitoring,
  path: string,
  parameters: URLSearchParams,
): AsyncGenerator<string> | null {
  const endpoint = ENDPOINTS[path];
  return endpoint === undefined ? null : texts(monitoring, endpoint, parameters);
}

async function* texts(monitoring: Monitoring, endpoint: Endpoint, parameters: URLSearchParams): AsyncGenerator<string> {
  const page = new Exposition();
  const figures = await monitoring.figures();
  writeIdentity(page, figures, endpoint);
  if (endpoint === 'detailed') {
    yield page.take();
    yield* detailed(page, monitoring, parameters);
    return;
  }
  writeBroker(page, figures, await processFacts());
  const objects = await monitoring.objectFigures(KINDS);
  if (endpoint === 'aggregated') writeSums(page, objects, KINDS);
  yield page.take();
  if (endpoint === 'per-object') yield* objectTexts(page, objects, groupsOf(KINDS), 'rabbitmq_');
}

/** `family`, `vhost` and `queue` may come several times; without a family there is nothing. */
async function* detailed(
  page: Exposition,
  monitoring: Monitoring,
  parameters: URLSearchParams,
): AsyncGenerator<string> {
  const groups = parameters.getAll('family');
  const vhosts = parameters.getAll('vhost');
  const queues = parameters.getAll('queue');
  const objects = await monitoring.objectFigures(kindsOf(groups), vhosts.length > 0 ? vhosts : undefined);
  writeCluster(page, objects, groups);
  yield page.take();
  const chosen = queues.length > 0 ? withQueues(objects, new Set(queues)) : objects;
  yield* objectTexts(page, chosen, groups, 'rabbitmq_detailed_');
}

function withQueues(objects: ObjectFigures, wanted: ReadonlySet<string>): ObjectFigures {
  const { names, vhosts, types, values } = objects.queues;
  const width = values.length / Math.max(1, names.length);
  const kept = names.flatMap((name, index) => (wanted.has(name) ? [index] : []));
  const of = (list: string[]): string[] => kept.map((index) => list[index] as string);
  const rows = kept.flatMap((index) => [...values.subarray(index * width, (index + 1) * width)]);
  return {
    ...objects,
    queues: { names: of(names), vhosts: of(vhosts), types: of(types), values: Float64Array.from(rows) },
  };
}
