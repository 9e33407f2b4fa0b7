import type { ExchangeInfo } from '../engine/exchanges.ts';
import { jsonTable } from '../fields/json-table.ts';
import { type ApiRoute, apiRoute, type Call, NO_CONTENT, param, put } from './api-route.ts';
import { asCommand } from './failure.ts';
import { listing, single } from './listing.ts';
import {
  type ExchangeRow,
  exchangeDeclaration,
  exchangeDeleteQuery,
  exchangeDetail,
  exchangeShape,
} from './schema/exchange.ts';
import { columnsQuery, listOf, listQuery, statsQuery } from './schema/list.ts';
import { rangeOf, statsOf } from './stats.ts';

/** The default exchange has no name, and no path could name it. */
export function exchangeParam(call: Call, name = 'name'): string {
  const sent = param(call, name);
  return sent === 'amq.default' ? '' : sent;
}

/** What RabbitMQ calls itself among users. */
const BROKER_ITSELF = 'rmq-internal';

function exchangeRow({ desk, query }: Call, exchange: ExchangeInfo): ExchangeRow {
  const { vhost, name, counters } = exchange;
  const declaredBy = exchange.predeclared ? BROKER_ITSELF : exchange.declaredBy;
  const rates = desk.metrics.exchangeRates(vhost, name);
  const stats = statsOf(
    [
      {
        name: 'publish_in',
        value: counters.published,
        rate: rates?.published ?? null,
        series: 'published',
        kind: 'counter',
      },
      { name: 'publish_out', value: counters.routed, rate: rates?.routed ?? null, series: 'routed', kind: 'counter' },
    ],
    rangeOf(query, 'msg_rates'),
    (spanMs) => desk.metrics.course({ scope: 'exchange', vhost, name }, spanMs),
  );
  return {
    name,
    vhost,
    type: exchange.type,
    durable: exchange.durable,
    auto_delete: exchange.autoDelete,
    internal: exchange.internal,
    arguments: jsonTable(exchange.arguments),
    policy: exchange.policy,
    ...(declaredBy !== null && { user_who_performed_action: declaredBy }),
    ...(exchange.messagesDelayed !== null && { messages_delayed: exchange.messagesDelayed }),
    ...(counters.published > 0 && query.get('disable_stats') !== 'true' && { message_stats: stats }),
  };
}

async function list(call: Call) {
  const all = await call.desk.facts.listExchanges(call.actor);
  const { vhost } = call.params;
  const exchanges = vhost === undefined ? all : all.filter((exchange) => exchange.vhost === vhost);
  return listing(call, exchanges, (exchange) => exchangeRow(call, exchange));
}

const LIST = {
  access: 'management',
  query: listQuery.extend(statsQuery.shape),
  answer: listOf(exchangeShape),
  run: list,
} as const;

export const exchangeRoutes: ApiRoute[] = [
  { method: 'GET', path: '/exchanges', ...LIST },
  { method: 'GET', path: '/exchanges/:vhost', ...LIST },
  {
    method: 'GET',
    path: '/exchanges/:vhost/:name',
    access: 'management',
    query: columnsQuery.extend(statsQuery.shape),
    answer: exchangeDetail,
    async run(call) {
      const exchange = await call.desk.engine.exchange(call.actor, param(call, 'vhost'), exchangeParam(call));
      return single(call, { ...exchangeRow(call, exchange), incoming: [], outgoing: [] });
    },
  },
  apiRoute({
    method: 'PUT',
    path: '/exchanges/:vhost/:name',
    access: 'management',
    action: 'exchange.declare',
    body: exchangeDeclaration,
    async run(call) {
      const { auto_delete: autoDelete, ...declared } = call.body;
      const declaration = { vhost: param(call, 'vhost'), name: exchangeParam(call), autoDelete, ...declared };
      return put(await asCommand(call.desk.engine.declareExchange(call.actor, declaration)));
    },
  }),
  {
    method: 'DELETE',
    path: '/exchanges/:vhost/:name',
    access: 'management',
    query: exchangeDeleteQuery,
    action: 'exchange.delete',
    async run(call) {
      const { engine } = call.desk;
      const [vhost, name] = [param(call, 'vhost'), exchangeParam(call)];
      await engine.exchange(call.actor, vhost, name);
      await asCommand(
        engine.deleteExchange(call.actor, vhost, name, { unused: call.query.get('if-unused') === 'true' }),
      );
      return NO_CONTENT;
    },
  },
];
