import type { QueueDetail, QueueInfo } from '../engine/queues.ts';
import { rowKey } from '../engine/sample.ts';
import type { QualifiedName, SortKey } from '../engine/sort-keys.ts';
import { jsonTable } from '../fields/json-table.ts';
import { sumOf } from '../figures/figure.ts';
import { jsonInteger } from '../json/json-value.ts';
import { actOnQueue, declareQueue, deleteQueue, purgeQueue } from '../operations/queues.ts';
import { type ApiRoute, acting, type Call, named, put } from './api-route.ts';
import { consumerRow } from './consumers.ts';
import { asCommand } from './failure.ts';
import { listing, longListing, single } from './listing.ts';
import { nodeName } from './node-name.ts';
import { LENGTHS, MESSAGE_STATS, queueOrder } from './queue-columns.ts';
import { columnsQuery, listOf, listQuery, totalsQuery } from './schema/list.ts';
import {
  type QueueRow,
  queueAction,
  queueDeclaration,
  queueDeleteQuery,
  queueDetail,
  queueShape,
} from './schema/queue.ts';
import { shownQueues } from './shown-queues.ts';
import { rangeOf, round, statsOf } from './stats.ts';

/** One queue as the API shows it. `node` is where it lives. */
function queueRow(call: Call, node: string, queue: QueueInfo): QueueRow {
  const { desk, query } = call;
  const messages = queue.ready + queue.unacked;
  const core = {
    name: queue.name,
    vhost: queue.vhost,
    type: queue.type,
    durable: queue.durable,
    auto_delete: queue.autoDelete,
    exclusive: queue.exclusive,
    arguments: jsonTable(queue.arguments),
    node,
    state: queue.closedReason === null ? ('running' as const) : ('crashed' as const),
    // One node: it leads what has a leader.
    ...(queue.type !== 'classic' && { leader: node, members: [node], online: [node] }),
  };
  if (query.get('disable_stats') === 'true') {
    const bare = { ...core, ...(queue.policy !== null && { policy: queue.policy }) };
    if (query.get('enable_queue_totals') !== 'true') return bare;
    return {
      ...bare,
      messages,
      messages_ready: queue.ready,
      messages_unacknowledged: queue.unacked,
    };
  }
  const { vhost, name, counters } = queue;
  const { metrics } = desk;
  const slope = metrics.queueSlope(vhost, name);
  const idleSinceMs = queue.idleSinceMs ?? metrics.queueIdleSince(vhost, name);
  const course = (spanMs: number) => metrics.course({ scope: 'queue', vhost, name }, spanMs);
  const lengths = statsOf(
    LENGTHS.map((length) => ({
      name: length.name,
      value: sumOf(length.terms, (gauge) => queue[gauge]),
      rate: slope && sumOf(length.terms, slope),
      series: length.terms,
      kind: 'gauge' as const,
    })),
    rangeOf(query, 'lengths'),
    course,
  );
  // As with RabbitMQ: what came in and what went out are told each from its first message on.
  const isTold = { in: counters.published > 0, out: counters.delivered + counters.gotEmpty > 0 };
  const told = MESSAGE_STATS.filter(({ way }) => way !== undefined && isTold[way]).map((stat) => ({
    name: stat.name,
    value: sumOf(stat.terms, (counter) => counters[counter]),
    rate: slope && sumOf(stat.terms, slope),
    series: stat.terms,
    kind: 'counter' as const,
  }));
  return {
    ...core,
    policy: queue.policy,
    operator_policy: queue.operatorPolicy,
    effective_policy_definition: queue.effectivePolicyDefinition,
    ...lengths,
    consumers: queue.consumers,
    consumer_capacity: round(queue.consumerCapacity),
    consumer_utilisation: round(queue.consumerCapacity),
    exclusive_consumer_tag: queue.exclusiveConsumer,
    single_active_consumer_tag: queue.singleActiveConsumer,
    message_bytes: queue.readyBytes + queue.unackedBytes,
    message_bytes_ready: queue.readyBytes,
    message_bytes_unacknowledged: queue.unackedBytes,
    ...(idleSinceMs !== null && { idle_since: new Date(idleSinceMs).toISOString() }),
    ...(told.length > 0 && { message_stats: statsOf(told, rangeOf(query, 'msg_rates'), course) }),
    ...(queue.type === 'quorum' && { messages_dlx: queue.waitingLetters }),
    ...(queue.stream && {
      readers: { [node]: queue.consumers },
      segments: queue.stream.segments,
      first_offset: queue.stream.firstOffset,
      next_offset: queue.stream.nextOffset,
    }),
  };
}

async function queuesOf(call: Call): Promise<QueueInfo[]> {
  const all = await call.desk.facts.listQueues(call.actor);
  const vhost = call.params.vhost;
  return vhost === undefined ? all : all.filter((queue) => queue.vhost === vhost);
}

async function list(call: Call) {
  const node = await nodeName(call);
  if (call.query.has('page')) return page(call, node);
  return listing(call, await queuesOf(call), (queue) => queueRow(call, node, queue));
}

/** A queue with what the query sorts by. */
interface KeyedQueue extends QualifiedName {
  key: SortKey;
}

/** Of thousands of queues only those on the page are described. */
async function page(call: Call, node: string) {
  const { desk, actor, query } = call;
  const sort = query.get('sort');
  const order = sort ? queueOrder(sort, desk.metrics) : undefined;
  // A column that only rows have is a rare thing to sort by.
  if (sort && order === undefined) return listing(call, await queuesOf(call), (queue) => queueRow(call, node, queue));
  const question = JSON.stringify([actor.user, call.params.vhost, query.toString()]);
  const lastShown = shownQueues(desk.engine);
  const guess = lastShown.last(question);
  const [groups, guessed] = await Promise.all([
    desk.facts.listQueueKeys(actor, order?.field ?? null, call.params.vhost),
    guess.length === 0 ? [] : desk.facts.queuesNamed(actor, [...guess]),
  ]);
  const things: KeyedQueue[] = groups.flatMap(({ vhost, names, keys }) =>
    names.map((name, i) => ({ vhost, name, key: keys[i] ?? null })),
  );
  return longListing(call, {
    things,
    nameOf: ({ name }) => name,
    vhostOf: ({ vhost }) => vhost,
    keyOf: ({ key, vhost, name }) => order?.value(key, vhost, name),
    rows: async (shown) => {
      const wanted = shown.map(({ vhost, name }) => ({ vhost, name }));
      lastShown.keep(question, wanted);
      const known = new Map(guessed.map((queue) => [rowKey(queue.vhost, queue.name), queue]));
      const missing = wanted.filter(({ vhost, name }) => !known.has(rowKey(vhost, name)));
      const more = missing.length === 0 ? [] : await desk.facts.queuesNamed(actor, missing);
      for (const queue of more) known.set(rowKey(queue.vhost, queue.name), queue);
      return wanted.flatMap(({ vhost, name }) => {
        const queue = known.get(rowKey(vhost, name));
        return queue === undefined ? [] : [queueRow(call, node, queue)];
      });
    },
  });
}

function find({ desk, actor, params }: Call): Promise<QueueDetail> {
  return desk.engine.queue(actor, params.vhost as string, params.name as string);
}

/** Names of connections are "host:port -> host:port", peer first. */
function ownerOf(connection: string) {
  const [, host = '', port = ''] = /^(.*):(\d+) -> /.exec(connection) ?? [];
  return { name: connection, peer_host: host, peer_port: Number(port) };
}

const LIST = {
  access: 'management',
  query: listQuery.extend(totalsQuery.shape),
  answer: listOf(queueShape),
  run: list,
} as const;

export const queueRoutes: ApiRoute[] = [
  { method: 'GET', path: '/queues', ...LIST },
  { method: 'GET', path: '/queues/detailed', ...LIST },
  { method: 'GET', path: '/queues/:vhost', ...LIST },
  {
    method: 'GET',
    path: '/queues/:vhost/:name',
    access: 'management',
    query: columnsQuery.extend(totalsQuery.shape),
    answer: queueDetail,
    async run(call) {
      const node = await nodeName(call);
      const queue = await find(call);
      const consumers = await call.desk.engine.listConsumers(call.actor);
      const own = consumers.filter((consumer) => consumer.vhost === queue.vhost && consumer.queue === queue.name);
      return single(call, {
        ...queueRow(call, node, queue),
        head_message_timestamp: queue.headTimestamp === null ? null : jsonInteger(BigInt(queue.headTimestamp)),
        ...(queue.owner !== null && { owner_pid_details: ownerOf(queue.owner) }),
        consumer_details: own.map((consumer) => consumerRow(node, consumer)),
        deliveries: [],
        incoming: [],
      });
    },
  },
  acting({
    method: 'PUT',
    path: '/queues/:vhost/:name',
    operation: declareQueue,
    body: queueDeclaration,
    input(call) {
      const { auto_delete: autoDelete, ...declared } = call.body;
      return { ...named(call, 'vhost', 'name'), autoDelete, ...declared };
    },
    reply: put,
    refused: asCommand,
  }),
  acting({
    method: 'DELETE',
    path: '/queues/:vhost/:name',
    query: queueDeleteQuery,
    operation: deleteQueue,
    input: (call) => ({
      ...named(call, 'vhost', 'name'),
      unused: call.query.get('if-unused') === 'true',
      empty: call.query.get('if-empty') === 'true',
    }),
    refused: asCommand,
  }),
  acting({
    method: 'DELETE',
    path: '/queues/:vhost/:name/contents',
    operation: purgeQueue,
    input: (call) => named(call, 'vhost', 'name'),
  }),
  acting({
    method: 'POST',
    path: '/queues/:vhost/:name/actions',
    operation: actOnQueue,
    body: queueAction,
    input: (call) => ({ ...named(call, 'vhost', 'name'), action: call.body.action }),
  }),
];
