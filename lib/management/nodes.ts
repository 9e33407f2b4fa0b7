/** The one node, as tools look at nodes. */
import { cpus } from 'node:os';
import type { Overview } from '../engine/port.ts';
import { type Call, type Entry, ok, param } from './entry.ts';
import { exchangeTypes } from './exchange-types.ts';
import { notFound } from './failure.ts';
import { listing, single } from './listing.ts';
import { churnOf, contextsOf } from './overview.ts';
import { processLimits, processUse } from './process-use.ts';
import { columnsQuery, listOf, listQuery, memoryQuery } from './schema/list.ts';
import { type NodeRow, nodeDetail, nodeMemory, nodeShape, noTables, relativeMemory } from './schema/node.ts';
import { statsOf } from './stats.ts';

/** The one node; what only an Erlang node has is left out. */
function nodeRow({ desk }: Call, overview: Overview): NodeRow {
  const { totals } = overview;
  const [limits, use] = [processLimits(), processUse()];
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
    exchange_types: exchangeTypes(overview),
    auth_mechanisms: [
      { name: 'PLAIN', description: 'SASL PLAIN authentication mechanism', enabled: true },
      { name: 'AMQPLAIN', description: 'QPid AMQPLAIN mechanism', enabled: true },
    ],
    applications: [
      { name: 'rabbit', description: 'Warren, compatible with RabbitMQ', version: overview.compatibleWith },
    ],
    contexts: contextsOf(overview),
    // The word of RabbitMQ's for a log that is no file.
    log_files: ['<stdout>'],
    db_dir: overview.dataDir,
    config_files: [],
    enabled_plugins: ['rabbitmq_management'],
    mem_calculation_strategy: 'rss',
    cluster_links: [],
    ...churnOf(totals, desk.metrics),
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
      total: { rss: overview.totals.residentBytes, erlang: heapUsed + external, allocated: heapTotal + external },
      binary: arrayBuffers,
      other_proc: heapUsed,
      allocated_unused: heapTotal - heapUsed,
      other_system: Math.max(0, rss - heapTotal - external),
    },
  };
}

async function node(call: Call): Promise<Overview> {
  const overview = await call.desk.engine.overview(call.actor);
  if (param(call, 'node') !== overview.node) throw notFound();
  return overview;
}

/** In hundredths of what the process holds; what is there at all is one at least. */
function relativeMemoryRow(overview: Overview): Record<string, unknown> {
  const { strategy: _, total, ...parts } = memoryRow(overview).memory;
  const share = (bytes: number): number => (bytes > 0 ? Math.max(1, Math.round((100 * bytes) / total.rss)) : 0);
  const shares = Object.entries(parts).map(([name, bytes]) => [name, share(bytes as number)] as const);
  return { memory: { total: 100, ...Object.fromEntries(shares) } };
}

const ets = (path: string): Entry => ({
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

export const nodeEntries: Entry[] = [
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
    query: listQuery,
    answer: listOf(nodeShape),
    run: async (call) => listing(call, [nodeRow(call, await call.desk.engine.overview(call.actor))]),
  },
  {
    method: 'GET',
    path: '/nodes/:node',
    access: 'monitoring',
    query: columnsQuery.extend(memoryQuery.shape),
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
