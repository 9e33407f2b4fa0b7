/** The one node, as tools look at nodes. */
import { cpus } from 'node:os';
import type { NodeNow, Overview } from '../engine/node.ts';
import { requireNode } from '../operations/node.ts';
import { type ApiRoute, type Call, ok, param } from './api-route.ts';
import { exchangeTypes } from './exchange-types.ts';
import { GaugeMeter } from './gauge-meter.ts';
import { listing, single } from './listing.ts';
import { churnOf, contextsOf, totalsCourse } from './overview.ts';
import { processLimits, processUse } from './process-use.ts';
import { columnsQuery, listOf, listQuery, memoryQuery, nodeStatsQuery } from './schema/list.ts';
import { type NodeRow, nodeDetail, nodeMemory, nodeShape, noTables, relativeMemory } from './schema/node.ts';
import { rangeOf, statsOf } from './stats.ts';

const meter = new GaugeMeter<'fd_used' | 'proc_used' | 'disk_free'>();

/** The one node; what only an Erlang node has is left out. */
function nodeRow(call: Call, overview: Overview): NodeRow {
  const { metrics } = call.desk;
  const gauge = (read: (of: NodeNow) => number, series: string) => {
    return { value: read(overview), rate: metrics.nodeSlope(read), series, kind: 'gauge' as const };
  };
  const [limits, use] = [processLimits(), processUse()];
  const diskFree = overview.messageBytesLeft + overview.diskFreeBytesMin;
  const used = { fd_used: use.files, proc_used: use.threads, disk_free: diskFree };
  const usedRates = meter.note(overview.nowMs, used);
  return {
    name: overview.node,
    type: 'disc',
    running: true,
    being_drained: false,
    uptime: overview.nowMs - overview.startedAtMs,
    os_pid: String(process.pid),
    run_queue: use.runnableThreads,
    processors: cpus().length,
    partitions: [],
    ...statsOf(
      [
        { name: 'mem_used', ...gauge(({ residentBytes }) => residentBytes, 'residentBytes') },
        { name: 'sockets_used', ...gauge(({ connections }) => connections, 'connections') },
        { name: 'fd_used', value: used.fd_used, rate: usedRates?.fd_used ?? null },
        { name: 'proc_used', value: used.proc_used, rate: usedRates?.proc_used ?? null },
        { name: 'disk_free', value: used.disk_free, rate: usedRates?.disk_free ?? null },
      ],
      rangeOf(call.query, 'node_stats'),
      (spanMs) => totalsCourse(metrics, 'broker', spanMs),
    ),
    fd_total: limits.files,
    sockets_total: limits.files,
    proc_total: limits.threads,
    metrics_gc_queue_length: {},
    mem_limit: overview.memoryBytesMax,
    mem_alarm: overview.alarms.includes('memory'),
    disk_free_limit: overview.diskFreeBytesMin,
    disk_free_alarm: overview.alarms.includes('disk'),
    rates_mode: 'basic',
    exchange_types: exchangeTypes(overview),
    auth_mechanisms: [
      { name: 'PLAIN', description: 'SASL PLAIN authentication mechanism', enabled: true },
      { name: 'AMQPLAIN', description: 'QPid AMQPLAIN mechanism', enabled: true },
    ],
    applications: [
      { name: 'rabbit', description: 'Warren, compatible with RabbitMQ', version: overview.compatibleWith },
    ],
    contexts: contextsOf(call.desk, overview),
    // The word of RabbitMQ's for a log that is no file.
    log_files: ['<stdout>'],
    db_dir: overview.dataDir,
    config_files: [],
    enabled_plugins: ['rabbitmq_management'],
    mem_calculation_strategy: 'rss',
    cluster_links: [],
    ...churnOf(call, 'broker'),
  };
}

/** Parts of an Erlang node. Nothing here is kept apart in such a part, and strict decoders want all of them. */
const NO_SUCH_PARTS = [
  'connection_readers',
  'connection_writers',
  'connection_channels',
  'connection_other',
  'queue_procs',
  'queue_slave_procs',
  'quorum_queue_procs',
  'quorum_queue_dlx_procs',
  'stream_queue_procs',
  'stream_queue_replica_reader_procs',
  'stream_queue_coordinator_procs',
  'plugins',
  'metadata_store',
  'metrics',
  'mgmt_db',
  'mnesia',
  'quorum_ets',
  'metadata_store_ets',
  'other_ets',
  'msg_index',
  'code',
  'atom',
  'reserved_unallocated',
];

function memoryRow(overview: Overview) {
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return {
    memory: {
      ...(Object.fromEntries(NO_SUCH_PARTS.map((part) => [part, 0])) as Record<string, number>),
      strategy: 'rss',
      total: { rss: overview.residentBytes, erlang: heapUsed + external, allocated: heapTotal + external },
      binary: arrayBuffers,
      other_proc: heapUsed,
      allocated_unused: heapTotal - heapUsed,
      other_system: Math.max(0, rss - heapTotal - external),
    },
  };
}

function node(call: Call): Promise<Overview> {
  return requireNode(call.desk, param(call, 'node'));
}

/** Memory in hundredths of what the process holds; a part that is not empty is one at least. */
function relativeMemoryRow(overview: Overview): Record<string, unknown> {
  const { strategy: _, total, ...parts } = memoryRow(overview).memory;
  const share = (bytes: number): number => (bytes > 0 ? Math.max(1, Math.round((100 * bytes) / total.rss)) : 0);
  const shares = Object.entries(parts).map(([name, bytes]) => [name, share(bytes as number)] as const);
  return { memory: { total: 100, ...Object.fromEntries(shares) } };
}

const ets = (path: string): ApiRoute => ({
  method: 'GET',
  path: `/nodes/:node/memory/ets${path}`,
  access: 'monitoring',
  answer: noTables,
  // What RabbitMQ says of a node without such tables.
  async run(call) {
    await node(call);
    return ok({ ets_tables_memory: 'no_tables' });
  },
});

export const nodeRoutes: ApiRoute[] = [
  ...['', '/relative', '/:filter', '/:filter/relative'].map(ets),
  {
    method: 'GET',
    path: '/nodes/:node/memory/relative',
    access: 'monitoring',
    answer: relativeMemory,
    run: async (call) => ok(relativeMemoryRow(await node(call))),
  },
  {
    method: 'GET',
    path: '/nodes',
    access: 'monitoring',
    query: listQuery.extend(nodeStatsQuery.shape),
    answer: listOf(nodeShape),
    run: async (call) => listing(call, [nodeRow(call, await call.desk.engine.overview())]),
  },
  {
    method: 'GET',
    path: '/nodes/:node',
    access: 'monitoring',
    query: columnsQuery.extend(memoryQuery.shape).extend(nodeStatsQuery.shape),
    answer: nodeDetail,
    async run(call) {
      const overview = await node(call);
      const memory = call.query.get('memory') === 'true' ? memoryRow(overview) : {};
      return single(call, { ...nodeRow(call, overview), ...memory });
    },
  },
  {
    method: 'GET',
    path: '/nodes/:node/memory',
    access: 'monitoring',
    answer: nodeMemory,
    run: async (call) => ok(memoryRow(await node(call))),
  },
];
