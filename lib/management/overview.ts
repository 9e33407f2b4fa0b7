import { type Sight, sightOf, wholeScopeOf } from '../console/sight.ts';
import type { Overview } from '../engine/node.ts';
import type { TotalColumn, Totals } from '../engine/sample.ts';
import { type RabbitName, rabbitFigures, sumOf, type Terms, termsOf } from '../figures/figure.ts';
import { VHOST_FIGURES } from '../figures/vhost-figures.ts';
import type { Scope } from '../metrics/histories.ts';
import type { History } from '../metrics/history.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { renameCluster } from '../operations/node.ts';
import { type ApiRoute, acting, type Call, ok } from './api-route.ts';
import type { ManagementDesk } from './desk.ts';
import { exchangeTypes } from './exchange-types.ts';
import { figuresQuery, nodeStatsQuery } from './schema/list.ts';
import type { Churn, NodeRow } from './schema/node.ts';
import { clusterName, clusterNamePut, type OverviewRow, overviewShape } from './schema/overview.ts';
import { type Reading, rangeOf, type Stats, statsOf } from './stats.ts';

/** Totals of one group of the answer. */
function readingsOf<G extends 'message_stats' | 'queue_totals' | 'churn_rates'>(
  metrics: Metrics,
  scope: Scope,
  group: G,
): Reading<RabbitName<typeof VHOST_FIGURES, G>>[] {
  const totals = metrics.totals(scope);
  const slope = metrics.totalsSlope(scope);
  return rabbitFigures(VHOST_FIGURES, group).map(({ rabbit, name, figure }) => {
    const { kind } = figure;
    const { add } = termsOf(name, figure) as Terms<TotalColumn>;
    return {
      name: rabbit,
      value: sumOf({ add }, (column) => totals[column]),
      rate: slope?.(add, kind) ?? null,
      series: { add },
      kind,
    };
  });
}

const PROMETHEUS = 'http/prometheus';

/** What came and went, with rates. Its history is kept for the whole broker alone. */
export function churnOf({ desk: { metrics }, query }: Call, scope: Scope): Stats<Churn> {
  const readings = readingsOf(metrics, scope, 'churn_rates');
  const range = scope === 'broker' ? rangeOf(query, 'node_stats') : undefined;
  return statsOf(readings, range, (spanMs) => totalsCourse(metrics, scope, spanMs));
}

export function totalsCourse(metrics: Metrics, scope: Scope, spanMs: number): History | null {
  return metrics.course({ scope: 'totals', of: scope }, spanMs);
}

export function listenersOf(
  { prometheusPort }: ManagementDesk,
  overview: Overview,
): NonNullable<OverviewRow['listeners']> {
  const { node, hosts } = overview;
  const at = (protocol: string, port: number | null, tls = false): NonNullable<OverviewRow['listeners']> =>
    port === null ? [] : hosts.map((ip_address) => ({ node, ip_address, socket_opts: {}, protocol, port, tls }));
  return [
    ...at('amqp', overview.amqpPort),
    ...at('amqp/ssl', overview.amqpsPort, true),
    ...at('http', overview.consolePort),
    ...at(PROMETHEUS, prometheusPort),
  ];
}

/** Where pages are served. */
export function contextsOf({ prometheusPort }: ManagementDesk, { hosts, consolePort }: Overview): NodeRow['contexts'] {
  return hosts.flatMap((ip) => {
    const console = { path: '/', ip, description: 'Warren console', port: String(consolePort) };
    if (prometheusPort === null) return [console];
    return [
      console,
      { path: '/', ip, description: 'Warren metrics', port: String(prometheusPort), protocol: PROMETHEUS },
    ];
  });
}

/** As with RabbitMQ: figures of the vhosts that the user sees and of the user's own connections; those of the node for the tag monitoring. */
async function overviewRow(call: Call): Promise<OverviewRow> {
  const { desk, query } = call;
  const { metrics } = desk;
  const overview = await desk.engine.overview();
  const sight = sightOf(call.identity);
  const scope = wholeScopeOf(sight);
  const course = (spanMs: number) => totalsCourse(metrics, scope, spanMs);
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
    message_stats: statsOf(readingsOf(metrics, scope, 'message_stats'), rangeOf(query, 'msg_rates'), course),
    churn_rates: churnOf(call, scope),
    queue_totals: statsOf(readingsOf(metrics, scope, 'queue_totals'), rangeOf(query, 'lengths'), course),
    object_totals: objectTotals(metrics.totals(scope), metrics, sight),
    statistics_db_event_queue: 0,
    ...(sight.seesAll && {
      node: overview.node,
      listeners: listenersOf(desk, overview),
      contexts: contextsOf(desk, overview).map((context) => ({ node: overview.node, ...context, ssl_opts: [] })),
    }),
  };
}

function objectTotals(totals: Totals, metrics: Metrics, { user, seesAll }: Sight): OverviewRow['object_totals'] {
  const { connections, channels } = seesAll ? totals : metrics.clientsOf(user);
  const { consumers, exchanges, queues } = totals;
  return { channels, connections, consumers, exchanges, queues };
}

export const overviewRoutes: ApiRoute[] = [
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
    run: async (call) => ok({ name: (await call.desk.engine.overview()).clusterName }),
  },
  acting({
    method: 'PUT',
    path: '/cluster-name',
    operation: renameCluster,
    body: clusterNamePut,
    input: ({ body: { name } }) => ({ name }),
  }),
];
