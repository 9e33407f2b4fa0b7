import type { ExchangeInfo } from '../engine/exchanges.ts';
import { jsonTable } from '../fields/json-table.ts';
import { EXCHANGE_FIGURES, type ExchangeCounters } from '../figures/exchange-figures.ts';
import { rabbitFigures } from '../figures/figure.ts';
import { declareExchange, deleteExchange } from '../operations/exchanges.ts';
import { type ApiRoute, acting, type Call, param, put } from './api-route.ts';
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
    rabbitFigures(EXCHANGE_FIGURES, 'message_stats').map(({ rabbit, name: figure }) => ({
      name: rabbit,
      value: counters[figure as keyof ExchangeCounters],
      rate: rates?.[figure as keyof ExchangeCounters] ?? null,
      series: figure,
      kind: 'counter' as const,
    })),
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

function find(call: Call): Promise<ExchangeInfo> {
  return call.desk.engine.exchange(call.actor, param(call, 'vhost'), exchangeParam(call));
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
      return single(call, { ...exchangeRow(call, await find(call)), incoming: [], outgoing: [] });
    },
  },
  acting({
    method: 'PUT',
    path: '/exchanges/:vhost/:name',
    operation: declareExchange,
    body: exchangeDeclaration,
    input(call) {
      const { auto_delete: autoDelete, ...declared } = call.body;
      return { vhost: param(call, 'vhost'), name: exchangeParam(call), autoDelete, ...declared };
    },
    reply: put,
    refused: asCommand,
  }),
  acting({
    method: 'DELETE',
    path: '/exchanges/:vhost/:name',
    query: exchangeDeleteQuery,
    operation: deleteExchange,
    input: (call) => ({
      vhost: param(call, 'vhost'),
      name: exchangeParam(call),
      unused: call.query.get('if-unused') === 'true',
    }),
    refused: asCommand,
  }),
];
