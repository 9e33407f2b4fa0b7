import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cluster, Clusters, clusterIn } from '../../lib/clusters.ts';
import { EngineError } from '../../lib/engine/errors.ts';

const events = { stop: () => {} };
const cluster = { events } as Cluster;

test('a cluster is found by its id alone; of any other there is none', () => {
  const clusters = new Clusters(new Map([['local', cluster]]));
  expect(clusters.cluster('local')).toBe(cluster);
  fc.assert(
    fc.property(
      fc
        .oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'Local', ' local', ''))
        .filter((id) => id !== 'local'),
      (id) => {
        expect(clusters.has(id)).toBe(false);
        expect(() => clusters.cluster(id)).toThrow(EngineError);
      },
    ),
  );
});

test.each([
  ['/queues', 'local', '/queues'],
  ['/c/local/queues', 'local', '/queues'],
  ['/c/production/queue/purge', 'production', '/queue/purge'],
  ['/c//queues', '', '/queues'],
  ['/c/local', 'local', '/c/local'],
  ['/c', 'local', '/c'],
  ['/c/a/\n/b', 'a', '/\n/b'],
])('%j speaks of cluster %j at %j', (path, id, rest) => {
  expect(clusterIn(path)).toEqual({ id, path: rest });
});
