import { expect, test } from 'vitest';
import type { Overview } from '../../../lib/engine/node.ts';
import type { QueueInfo } from '../../../lib/engine/queues.ts';
import { rowKey } from '../../../lib/engine/sample.ts';
import type { SortKeys } from '../../../lib/engine/sort-keys.ts';
import type { ApiRoute, Call } from '../../../lib/management/api-route.ts';
import { queueRoutes } from '../../../lib/management/queues.ts';
import { deskInMemory } from '../console/desk-in-memory.ts';
import { sample } from '../metrics/sample.ts';

const COUNTERS = { published: 1, delivered: 0, deliveredNoAck: 0, got: 0, gotNoAck: 0, gotEmpty: 0 };

/** Ten thousand queues; notes which of them were described. */
function many() {
  const names = Array.from({ length: 10_000 }, (_, i) => `q${i}`);
  const described: string[] = [];
  const fields: (string | null)[] = [];
  const { desk } = deskInMemory({
    overview: async () => ({ node: 'rabbit@here' }) as Overview,
    async listQueueKeys(_actor, field): Promise<SortKeys[]> {
      fields.push(field);
      return [{ vhost: '/', names, keys: field === null ? [] : names.map((_, i) => i % 5_000) }];
    },
    async queuesNamed(_actor, wanted) {
      for (const { name } of wanted) described.push(name);
      return wanted.map(
        ({ vhost, name }) =>
          ({
            vhost,
            name,
            type: 'classic',
            arguments: [],
            counters: COUNTERS,
            idleSinceMs: null,
          }) as unknown as QueueInfo,
      );
    },
  });
  const list = async (query: string): Promise<{ items: { name: string }[] }> => {
    const route = queueRoutes.find(({ method, path }) => method === 'GET' && path === '/queues') as ApiRoute;
    const call = { desk, actor: { user: 'u' }, params: {}, query: new URLSearchParams(query) } as Call;
    return (await route.run(call)).body as { items: { name: string }[] };
  };
  return { desk, described, fields, list };
}

test.each([
  ['name', null],
  ['vhost', null],
  ['state', 'closedReason'],
  ['type', 'type'],
  ['messages', 'messages'],
  ['messages_ready', 'ready'],
  ['message_bytes', 'messageBytes'],
  ['consumers', 'consumers'],
  ['idle_since', 'idleSinceMs'],
  ['arguments.x-max-length', 'argument.x-max-length'],
  ['message_stats.publish', 'published'],
  ['message_stats.deliver', 'deliveredAck'],
  ['message_stats.get_details.rate', 'got'],
  ['messages_ready_details.rate', null],
])('a page sorted by %s describes nothing but its own queues', async (column, field) => {
  const { described, fields, list } = many();
  const { items } = await list(`page=2&page_size=10&sort=${column}`);
  expect(fields).toEqual([field]);
  expect(described).toHaveLength(10);
  expect(items.map(({ name }) => name)).toEqual(described);
});

test('a filter and an order without one describe only what they show', async () => {
  const { described, list } = many();
  await list('page=1&use_regex=true&name=^q99..$&page_size=3');
  expect(described).toEqual(['q9900', 'q9901', 'q9902']);
});

test('rates are sorted by what was measured', async () => {
  const { desk, list } = many();
  const queues = (published: number) => ({ [rowKey('/', 'q7')]: { published }, [rowKey('/', 'q9')]: { published: 1 } });
  desk.metrics.observe(sample(0, { queues: queues(0) }));
  desk.metrics.observe(sample(1000, { queues: queues(50) }));
  const query = 'page=1&page_size=1&sort=message_stats.publish_details.rate&sort_reverse=true';
  const { items } = await list(query);
  expect(items).toMatchObject([{ name: 'q7', message_stats: { publish_details: { rate: 50 } } }]);
});

test('what a page showed last is asked for with the keys, and only what else it shows after them', async () => {
  const { described, list, desk } = many();
  const query = 'page=1&page_size=3&sort=messages&sort_reverse=true';
  const { items } = await list(query);
  const names = items.map(({ name }) => name);
  expect(described.splice(0)).toEqual(names);
  expect((await list(query)).items.map(({ name }) => name)).toEqual(names);
  expect(described.splice(0)).toEqual(names);
  const { facts } = desk;
  const keys = facts.listQueueKeys;
  // Another queue comes first: the guess was wrong about one of three.
  facts.listQueueKeys = async (...args) => {
    const groups = await keys.apply(facts, args);
    return groups.map((group) => ({ ...group, keys: group.keys.map((key, i) => (i === 7 ? 1_000_000 : key)) }));
  };
  const later = (await list(query)).items.map(({ name }) => name);
  expect(later).toEqual(['q7', ...names.slice(0, 2)]);
  expect(described).toEqual([...names, 'q7']);
});
