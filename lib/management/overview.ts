import { cpus } from 'node:os';
import type { Overview } from '../engine/port.ts';
import { type Call, type Entry, ok, param, put } from './entry.ts';
import { badRequest, notFound } from './failure.ts';
import { listing, single } from './listing.ts';
import { processLimits, processUse } from './process-use.ts';
import { rangeOf, statsOf } from './stats.ts';

const TYPES = ['direct', 'fanout', 'headers', 'topic'];
const EXCHANGE_TYPES = TYPES.map((name) => ({
  name,
  description: `AMQP ${name} exchange, as per the AMQP specification`,
  enabled: true,
}));

export function listenersOf(overview: Overview): { node: string; protocol: string; port: number }[] {
  const { node } = overview;
  const tcp = { node, ip_address: '::', socket_opts: {}, tls: false };
  return [
    { ...tcp, protocol: 'amqp', port: overview.amqpPort },
    ...(overview.amqpsPort === null ? [] : [{ ...tcp, protocol: 'amqp/ssl', port: overview.amqpsPort, tls: true }]),
    { ...tcp, protocol: 'http', port: overview.consolePort },
  ];
}

async function readOverview(call: Call) {
  const { desk, query } = call;
  const overview = await desk.engine.overview(call.actor);
  const { totals } = overview;
  const rates = desk.metrics.totalsRates();
  const history = (spanMs: number) => desk.metrics.history({ scope: 'totals' }, spanMs, 0);
  const { flow } = totals;
  return ok({
    management_version: overview.compatibleWith,
    rates_mode: 'basic',
    sample_retention_policies: { global: [600, 3600], basic: [600, 3600], detailed: [600] },
    exchange_types: EXCHANGE_TYPES,
    product_name: 'Warren',
    product_version: overview.version,
    rabbitmq_version: overview.compatibleWith,
    cluster_name: overview.clusterName,
    cluster_tags: [],
    node_tags: [],
    erlang_version: 'none',
    erlang_full_version: `Node.js ${process.version}`,
    crypto_lib_version: `OpenSSL ${process.versions.openssl ?? ''}`,
    disable_stats: false,
    enable_queue_totals: false,
    default_queue_type: 'classic',
    is_op_policy_updating_enabled: true,
    message_stats: statsOf(
      [
        {
          name: 'publish',
          value: flow.published,
          rate: rates?.published ?? null,
          series: 'published',
          kind: 'counter',
        },
        {
          name: 'deliver_get',
          value: flow.delivered,
          rate: rates?.delivered ?? null,
          series: 'delivered',
          kind: 'counter',
        },
        { name: 'ack', value: flow.acked, rate: rates?.acked ?? null, series: 'acked', kind: 'counter' },
        {
          name: 'redeliver',
          value: flow.redelivered,
          rate: rates?.redelivered ?? null,
          series: 'redelivered',
          kind: 'counter',
        },
        { name: 'return_unroutable', value: flow.returned, rate: null },
        { name: 'drop_unroutable', value: flow.unroutable, rate: null },
      ],
      rangeOf(query, 'msg_rates'),
      history,
    ),
    queue_totals: statsOf(
      [
        { name: 'messages', value: totals.ready + totals.unacked, rate: null },
        { name: 'messages_ready', value: totals.ready, rate: null, series: 'ready', kind: 'gauge' },
        { name: 'messages_unacknowledged', value: totals.unacked, rate: null, series: 'unacked', kind: 'gauge' },
      ],
      rangeOf(query, 'lengths'),
      history,
    ),
    object_totals: {
      channels: totals.channels,
      connections: totals.connections,
      consumers: totals.consumers,
      exchanges: totals.exchanges,
      queues: totals.queues,
    },
    statistics_db_event_queue: 0,
    node: overview.node,
    listeners: listenersOf(overview),
    contexts: [
      {
        node: overview.node,
        description: 'Warren console',
        path: '/',
        port: String(overview.consolePort),
        ssl_opts: [],
      },
    ],
  });
}

/** The one node; what only an Erlang node has is left out. */
function nodeRow(overview: Overview): Record<string, unknown> {
  const { totals } = overview;
  const [limits, use] = [processLimits(), processUse()];
  return {
    name: overview.node,
    type: 'disc',
    running: true,
    being_drained: false,
    uptime: overview.nowMs - overview.startedAtMs,
    os_pid: String(process.pid),
    run_queue: 0,
    processors: cpus().length,
    partitions: [],
    ...statsOf([
      { name: 'mem_used', value: totals.residentBytes, rate: null },
      { name: 'sockets_used', value: totals.connections, rate: null },
      { name: 'fd_used', value: use.files, rate: null },
      { name: 'proc_used', value: use.threads, rate: null },
      { name: 'disk_free', value: overview.messageBytesLeft + overview.diskFreeBytesMin, rate: null },
    ]),
    fd_total: limits.files,
    sockets_total: limits.files,
    proc_total: limits.threads,
    metrics_gc_queue_length: {},
    mem_limit: overview.memoryBytesMax,
    mem_alarm: overview.alarms.includes('memory'),
    disk_free_limit: overview.diskFreeBytesMin,
    disk_free_alarm: overview.alarms.includes('disk'),
    rates_mode: 'basic',
    exchange_types: EXCHANGE_TYPES,
    auth_mechanisms: [
      { name: 'PLAIN', description: 'SASL PLAIN authentication mechanism', enabled: true },
      { name: 'AMQPLAIN', description: 'QPid AMQPLAIN mechanism', enabled: true },
    ],
    applications: [
      { name: 'rabbit', description: 'Warren, compatible with RabbitMQ', version: overview.compatibleWith },
    ],
    contexts: [],
    log_files: [],
    config_files: [],
    enabled_plugins: ['rabbitmq_management'],
    mem_calculation_strategy: 'rss',
    cluster_links: [],
  };
}

function memoryRow(overview: Overview): Record<string, unknown> {
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return {
    memory: {
      strategy: 'rss',
      total: { rss: overview.totals.residentBytes, erlang: heapUsed + external, allocated: heapTotal + external },
      binary: arrayBuffers,
      other_proc: heapUsed,
      other_system: Math.max(0, rss - heapTotal - external),
    },
  };
}

async function node(call: Call): Promise<Overview> {
  const overview = await call.desk.engine.overview(call.actor);
  if (param(call, 'node') !== overview.node) throw notFound();
  return overview;
}

export const overviewEntries: Entry[] = [
  { method: 'GET', path: '/overview', access: 'management', run: readOverview },
  {
    method: 'GET',
    path: '/nodes',
    access: 'monitoring',
    run: async (call) => listing(call, [nodeRow(await call.desk.engine.overview(call.actor))]),
  },
  {
    method: 'GET',
    path: '/nodes/:node',
    access: 'monitoring',
    async run(call) {
      const overview = await node(call);
      const memory = call.query.get('memory') === 'true' ? memoryRow(overview) : {};
      return single(call, { ...nodeRow(overview), ...memory });
    },
  },
  {
    method: 'GET',
    path: '/nodes/:node/memory',
    access: 'monitoring',
    run: async (call) => ok(memoryRow(await node(call))),
  },
  {
    method: 'GET',
    path: '/cluster-name',
    access: 'management',
    run: async (call) => ok({ name: (await call.desk.engine.overview(call.actor)).clusterName }),
  },
  {
    method: 'PUT',
    path: '/cluster-name',
    access: 'administrator',
    action: 'cluster.rename',
    async run(call) {
      const { name } = call.body;
      if (typeof name !== 'string' || name === '') throw badRequest('[{key_missing,name}]');
      await call.desk.engine.putGlobalParameter(call.actor, 'cluster_name', name);
      return put({ created: false });
    },
  },
];
