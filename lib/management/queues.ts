import { jsonTable } from '../engine/json-table.ts';
import type { QueueDetail, QueueInfo } from '../engine/port.ts';
import { flag, table, text } from './arguments.ts';
import { consumerRow } from './consumers.ts';
import { type Call, type Entry, NO_CONTENT, param, put } from './entry.ts';
import { badRequest } from './failure.ts';
import { listing, single } from './listing.ts';
import { nodeName } from './node-name.ts';
import { rangeOf, statsOf } from './stats.ts';

type Row = Record<string, unknown>;

/** One queue as the API shows it. `node` is where it lives. */
function queueRow(call: Call, node: string, queue: QueueInfo): Row {
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
    state: queue.closedReason === null ? 'running' : 'crashed',
  };
  if (query.get('disable_stats') === 'true') {
    if (query.get('enable_queue_totals') !== 'true') return core;
    return {
      ...core,
      messages,
      messages_ready: queue.ready,
      messages_unacknowledged: queue.unacked,
    };
  }
  const { vhost, name } = queue;
  const rates = desk.metrics.queueRates(vhost, name);
  const history = (spanMs: number) => desk.metrics.history({ scope: 'queue', vhost, name }, spanMs, 0);
  const { ready, unacked } = queue;
  const lengths = statsOf(
    [
      { name: 'messages', value: messages, rate: null },
      { name: 'messages_ready', value: ready, rate: null, series: 'ready', kind: 'gauge' },
      { name: 'messages_unacknowledged', value: unacked, rate: null, series: 'unacked', kind: 'gauge' },
    ],
    rangeOf(query, 'lengths'),
    history,
  );
  const { published, delivered, acked, redelivered } = queue.counters;
  const flow = statsOf(
    [
      { name: 'publish', value: published, rate: rates?.published ?? null, series: 'published', kind: 'counter' },
      { name: 'deliver_get', value: delivered, rate: rates?.delivered ?? null, series: 'delivered', kind: 'counter' },
      { name: 'ack', value: acked, rate: rates?.acked ?? null, series: 'acked', kind: 'counter' },
      {
        name: 'redeliver',
        value: redelivered,
        rate: rates?.redelivered ?? null,
        series: 'redelivered',
        kind: 'counter',
      },
    ],
    rangeOf(query, 'msg_rates'),
    history,
  );
  return {
    ...core,
    policy: queue.policy,
    operator_policy: queue.operatorPolicy,
    effective_policy_definition: queue.effectivePolicyDefinition,
    ...lengths,
    consumers: queue.consumers,
    message_bytes: queue.readyBytes + queue.unackedBytes,
    message_bytes_ready: queue.readyBytes,
    message_bytes_unacknowledged: queue.unackedBytes,
    head_message_timestamp: null,
    ...(queue.idleSinceMs !== null && { idle_since: new Date(queue.idleSinceMs).toISOString() }),
    ...(published + delivered > 0 && { message_stats: flow }),
    // One node: it leads what has a leader.
    ...(queue.type !== 'classic' && { leader: node, members: [node], online: [node] }),
    ...(queue.stream && {
      segments: queue.stream.segments,
      first_offset: queue.stream.firstOffset,
      next_offset: queue.stream.nextOffset,
    }),
  };
}

async function queuesOf(call: Call): Promise<QueueInfo[]> {
  const all = await call.desk.listings.queues(call.actor);
  const vhost = call.params.vhost;
  return vhost === undefined ? all : all.filter((queue) => queue.vhost === vhost);
}

async function list(call: Call) {
  const node = await nodeName(call);
  return listing(call, await queuesOf(call), (queue) => queueRow(call, node, queue));
}

function find({ desk, actor, params }: Call): Promise<QueueDetail> {
  return desk.engine.queue(actor, params.vhost as string, params.name as string);
}

export const queueEntries: Entry[] = [
  { method: 'GET', path: '/queues', access: 'management', run: list },
  { method: 'GET', path: '/queues/detailed', access: 'management', run: list },
  { method: 'GET', path: '/queues/:vhost', access: 'management', run: list },
  {
    method: 'GET',
    path: '/queues/:vhost/:name',
    access: 'management',
    async run(call) {
      const node = await nodeName(call);
      const queue = await find(call);
      const consumers = await call.desk.engine.listConsumers(call.actor);
      const own = consumers.filter((consumer) => consumer.vhost === queue.vhost && consumer.queue === queue.name);
      return single(call, {
        ...queueRow(call, node, queue),
        consumer_details: own.map((consumer) => consumerRow(node, consumer)),
        deliveries: [],
        incoming: [],
      });
    },
  },
  {
    method: 'PUT',
    path: '/queues/:vhost/:name',
    access: 'management',
    action: 'queue.declare',
    async run(call) {
      const { desk, actor, body } = call;
      const declaration = {
        vhost: param(call, 'vhost'),
        name: param(call, 'name'),
        durable: flag(body.durable, true, 'durable'),
        autoDelete: flag(body.auto_delete, false, 'auto_delete'),
        arguments: table(body.arguments),
      };
      return put(await desk.engine.declareQueue(actor, declaration));
    },
  },
  {
    method: 'DELETE',
    path: '/queues/:vhost/:name',
    access: 'management',
    action: 'queue.delete',
    async run(call) {
      const { desk, actor, query } = call;
      const onlyIf = { unused: query.get('if-unused') === 'true', empty: query.get('if-empty') === 'true' };
      // AMQP deletes what is not there without a word; here it is a 404.
      await find(call);
      await desk.engine.deleteQueue(actor, param(call, 'vhost'), param(call, 'name'), onlyIf);
      return NO_CONTENT;
    },
  },
  {
    method: 'DELETE',
    path: '/queues/:vhost/:name/contents',
    access: 'management',
    action: 'queue.purge',
    async run(call) {
      await call.desk.engine.purgeQueue(call.actor, param(call, 'vhost'), param(call, 'name'));
      return NO_CONTENT;
    },
  },
  {
    method: 'POST',
    path: '/queues/:vhost/:name/actions',
    access: 'administrator',
    action: 'queue.action',
    async run(call) {
      await find(call);
      const action = text(call.body.action, '', 'action');
      // There is no mirror to bring up to date.
      if (action !== 'sync' && action !== 'cancel_sync') throw badRequest(`unknown_action ${action}`);
      return NO_CONTENT;
    },
  },
];
