/** The one node: its figures, its memory, where it listens. */
import * as z from 'zod';
import { exchangeType } from './exchange.ts';
import { counted } from './stats.ts';

/** What came and went. */
export const CHURN = [
  'connection_created',
  'connection_closed',
  'channel_created',
  'channel_closed',
  'queue_declared',
  'queue_created',
  'queue_deleted',
] as const;

export type Churn = (typeof CHURN)[number];

export const listener = z.strictObject({
  node: z.string(),
  ip_address: z.string(),
  socket_opts: z.strictObject({}),
  tls: z.boolean(),
  protocol: z.string(),
  port: z.int(),
});

/** Where pages are served. */
export const webContext = z.strictObject({
  description: z.string(),
  path: z.string(),
  ip: z.string(),
  port: z.string(),
  protocol: z.string().optional(),
});

const named = z.strictObject({ name: z.string(), description: z.string() });

const memoryParts = z.record(z.string(), z.union([z.int(), z.string(), z.record(z.string(), z.int())]));

/** Bytes of each part; `strategy` says how the total is found. */
export const nodeMemory = z.strictObject({ memory: memoryParts }).meta({ id: 'NodeMemory' });

/** Hundredths of the total. */
export const relativeMemory = z.strictObject({ memory: z.record(z.string(), z.int()) });

export const noTables = z.strictObject({ ets_tables_memory: z.literal('no_tables') });

const row = z.strictObject({
  name: z.string(),
  type: z.literal('disc'),
  running: z.boolean(),
  being_drained: z.boolean(),
  /** Milliseconds. */
  uptime: z.int(),
  os_pid: z.string(),
  run_queue: z.int(),
  processors: z.int(),
  partitions: z.array(z.never()),
  ...counted(['mem_used', 'sockets_used', 'fd_used', 'proc_used', 'disk_free']),
  fd_total: z.int(),
  sockets_total: z.int(),
  proc_total: z.int(),
  metrics_gc_queue_length: z.strictObject({}),
  mem_limit: z.int(),
  mem_alarm: z.boolean(),
  disk_free_limit: z.int(),
  disk_free_alarm: z.boolean(),
  rates_mode: z.literal('basic'),
  exchange_types: z.array(exchangeType),
  auth_mechanisms: z.array(named.extend({ enabled: z.boolean() })),
  applications: z.array(named.extend({ version: z.string() })),
  contexts: z.array(webContext),
  log_files: z.array(z.string()),
  db_dir: z.string(),
  config_files: z.array(z.never()),
  enabled_plugins: z.array(z.string()),
  mem_calculation_strategy: z.literal('rss'),
  cluster_links: z.array(z.never()),
  ...counted(CHURN),
});

export const nodeShape = row.meta({ id: 'Node' });
/** The node, with its memory where the query says memory=true. */
export const nodeDetail = row.extend({ memory: memoryParts.optional() }).meta({ id: 'NodeDetail' });

export type NodeRow = z.output<typeof nodeShape>;
