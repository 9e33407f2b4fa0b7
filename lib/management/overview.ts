import type { Desk } from '../console/desk.ts';
import type { Overview, Totals } from '../engine/port.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { History } from '../metrics/series.ts';
import { type Call, type Entry, entry, ok, put } from './entry.ts';
import { exchangeTypes } from './exchange-types.ts';
import { figuresQuery, nodeStatsQuery } from './schema/list.ts';
import type { Churn, NodeRow } from './schema/node.ts';
import {
  clusterName,
  clusterNamePut,
  type Length,
  type OverviewRow,
  overviewShape,
  type TotalStat,
} from './schema/overview.ts';
import { type Reading, rangeOf, type Stats, statsOf, type Terms } from './stats.ts';

interface TotalsReading<N extends string> {
  name: N;
  read(totals: Totals): number;
  /** Where it is in the history. */
  series: Terms;
}

const MESSAGE_STATS: readonly TotalsReading<TotalStat>[] = [
  { name: 'publish', read: ({ flow }) => flow.published, series: 'published' },
  { name: 'confirm', read: ({ confirmed }) => confirmed, series: 'confirmed' },
  { name: 'return_unroutable', read: ({ flow }) => flow.returned, series: 'returned' },
  { name: 'drop_unroutable', read: ({ flow }) => flow.unroutable, series: 'dropped' },
  { name: 'deliver', read: ({ handed }) => handed.delivered, series: 'deliveredAck' },
  { name: 'deliver_no_ack', read: ({ handed }) => handed.deliveredNoAck, series: 'deliveredNoAck' },
  { name: 'get', read: ({ handed }) => handed.got, series: 'got' },
  { name: 'get_no_ack', read: ({ handed }) => handed.gotNoAck, series: 'gotNoAck' },
  { name: 'get_empty', read: ({ handed }) => handed.gotEmpty, series: 'gotEmpty' },
  {
    name: 'deliver_get',
    read: ({ handed }) => handed.delivered + handed.deliveredNoAck + handed.got + handed.gotNoAck,
    series: 'delivered',
  },
  { name: 'ack', read: ({ flow }) => flow.acked, series: 'acked' },
  { name: 'redeliver', read: ({ flow }) => flow.redelivered, series: 'redelivered' },
];

const LENGTHS: readonly TotalsReading<Length>[] = [
  { name: 'messages', read: ({ ready, unacked }) => ready + unacked, series: { add: ['ready', 'unacked'] } },
  { name: 'messages_ready', read: ({ ready }) => ready, series: 'ready' },
  { name: 'messages_unacknowledged', read: ({ unacked }) => unacked, series: 'unacked' },
];

const CHURN: readonly TotalsReading<Churn>[] = [
  { name: 'connection_created', read: ({ churn }) => churn.connectionsOpened, series: 'connectionsOpened' },
  { name: 'connection_closed', read: ({ churn }) => churn.connectionsClosed, series: 'connectionsClosed' },
  { name: 'channel_created', read: ({ churn }) => churn.channelsOpened, series: 'channelsOpened' },
  { name: 'channel_closed', read: ({ churn }) => churn.channelsClosed, series: 'channelsClosed' },
  { name: 'queue_declared', read: ({ churn }) => churn.queuesDeclared, series: 'queuesDeclared' },
  { name: 'queue_created', read: ({ churn }) => churn.queuesCreated, series: 'queuesCreated' },
  { name: 'queue_deleted', read: ({ churn }) => churn.queuesDeleted, series: 'queuesDeleted' },
];

function readingsOf<N extends string>(
  totals: Totals,
  metrics: Metrics,
  kind: 'counter' | 'gauge',
  readings: readonly TotalsReading<N>[],
): Reading<N>[] {
  const change = metrics.totalsChange();
  return readings.map(({ name, read, series }) => ({
    name,
    value: read(totals),
    rate: change?.(read, kind) ?? null,
    series,
    kind,
  }));
}

const PROMETHEUS = 'http/prometheus';

/** What came and went, with its rates. */
export function churnOf({ desk: { metrics }, query }: Call, totals: Totals): Stats<Churn> {
  const readings = readingsOf(totals, metrics, 'counter', CHURN);
  return statsOf(readings, rangeOf(query, 'node_stats'), (spanMs) => totalsCourse(metrics, spanMs));
}

export function totalsCourse(metrics: Metrics, spanMs: number): History | null {
  return metrics.course({ scope: 'totals' }, spanMs);
}

export function listenersOf({ prometheusPort }: Desk, overview: Overview): OverviewRow['listeners'] {
  const { node, hosts } = overview;
  const at = (protocol: string, port: number | null, tls = false): OverviewRow['listeners'] =>
    port === null ? [] : hosts.map((ip_address) => ({ node, ip_address, socket_opts: {}, protocol, port, tls }));
  return [
    ...at('amqp', overview.amqpPort),
    ...at('amqp/ssl', overview.amqpsPort, true),
    ...at('http', overview.consolePort),
    ...at(PROMETHEUS, prometheusPort),
  ];
}

/** Where pages are served. */
export function contextsOf({ prometheusPort }: Desk, { hosts, consolePort }: Overview): NodeRow['contexts'] {
  return hosts.flatMap((ip) => {
    const console = { path: '/', ip, description: 'Warren console', port: String(consolePort) };
    if (prometheusPort === null) return [console];
    return [
      console,
      { path: '/', ip, description: 'Warren metrics', port: String(prometheusPort), protocol: PROMETHEUS },
    ];
  });
}

async function overviewRow(call: Call): Promise<OverviewRow> {
  const { desk, query } = call;
  const overview = await desk.engine.overview(call.actor);
  const { totals } = overview;
  const course = (spanMs: number) => totalsCourse(desk.metrics, spanMs);
  return {
    management_version: overview.compatibleWith,
    rates_mode: 'basic',
    sample_retention_policies: { global: [600, 3600, 28_800, 86_400], basic: [600, 3600], detailed: [600] },
    exchange_types: exchangeTypes(overview),
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
      readingsOf(totals, desk.metrics, 'counter', MESSAGE_STATS),
      rangeOf(query, 'msg_rates'),
      course,
    ),
    churn_rates: churnOf(call, totals),
    queue_totals: statsOf(readingsOf(totals, desk.metrics, 'gauge', LENGTHS), rangeOf(query, 'lengths'), course),
    object_totals: {
      channels: totals.channels,
      connections: totals.connections,
      consumers: totals.consumers,
      exchanges: totals.exchanges,
      queues: totals.queues,
    },
    statistics_db_event_queue: 0,
    node: overview.node,
    listeners: listenersOf(desk, overview),
    contexts: contextsOf(desk, overview).map((context) => ({ node: overview.node, ...context, ssl_opts: [] })),
  };
}

export const overviewEntries: Entry[] = [
  {
    method: 'GET',
    path: '/overview',
    access: 'management',
    query: figuresQuery.extend(nodeStatsQuery.shape),
    answer: overviewShape,
    run: async (call) => ok(await overviewRow(call)),
  },
  {
    method: 'GET',
    path: '/cluster-name',
    access: 'management',
    answer: clusterName,
    run: async (call) => ok({ name: (await call.desk.engine.overview(call.actor)).clusterName }),
  },
  entry({
    method: 'PUT',
    path: '/cluster-name',
    access: 'administrator',
    action: 'cluster.rename',
    body: clusterNamePut,
    async run(call) {
      await call.desk.engine.putGlobalParameter(call.actor, 'cluster_name', call.body.name);
      return put({ created: false });
    },
  }),
];
