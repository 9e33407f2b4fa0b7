import { jsonTable } from '../engine/json-table.ts';
import type { ExchangeInfo } from '../engine/port.ts';
import { flag, requireKeys, table, text } from './arguments.ts';
import { type Call, type Entry, NO_CONTENT, param, put } from './entry.ts';
import { listing, single } from './listing.ts';
import { rangeOf, statsOf } from './stats.ts';

/** The default exchange has no name, and no path could name it. */
export function exchangeParam(call: Call, name = 'name'): string {
  const given = param(call, name);
  return given === 'amq.default' ? '' : given;
}

function exchangeRow({ desk, query }: Call, exchange: ExchangeInfo): Record<string, unknown> {
  const { vhost, name, counters } = exchange;
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
    (spanMs) => desk.metrics.history({ scope: 'exchange', vhost, name }, spanMs, 0),
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
    ...(exchange.messagesDelayed !== null && { messages_delayed: exchange.messagesDelayed }),
    ...(counters.published > 0 && query.get('disable_stats') !== 'true' && { message_stats: stats }),
  };
}

async function list(call: Call) {
  const all = await call.desk.listings.exchanges(call.actor);
  const { vhost } = call.params;
  const exchanges = vhost === undefined ? all : all.filter((exchange) => exchange.vhost === vhost);
  return listing(call, exchanges, (exchange) => exchangeRow(call, exchange));
}

export const exchangeEntries: Entry[] = [
  { method: 'GET', path: '/exchanges', access: 'management', run: list },
  { method: 'GET', path: '/exchanges/:vhost', access: 'management', run: list },
  {
    method: 'GET',
    path: '/exchanges/:vhost/:name',
    access: 'management',
    async run(call) {
      const exchange = await call.desk.engine.exchange(call.actor, param(call, 'vhost'), exchangeParam(call));
      return single(call, { ...exchangeRow(call, exchange), incoming: [], outgoing: [] });
    },
  },
  {
    method: 'PUT',
    path: '/exchanges/:vhost/:name',
    access: 'management',
    action: 'exchange.declare',
    async run(call) {
      const { desk, actor, body } = call;
      requireKeys(body, 'type');
      const declaration = {
        vhost: param(call, 'vhost'),
        name: exchangeParam(call),
        type: text(body.type, 'direct', 'type'),
        durable: flag(body.durable, true, 'durable'),
        autoDelete: flag(body.auto_delete, false, 'auto_delete'),
        internal: flag(body.internal, false, 'internal'),
        arguments: table(body.arguments),
      };
      return put(await desk.engine.declareExchange(actor, declaration));
    },
  },
  {
    method: 'DELETE',
    path: '/exchanges/:vhost/:name',
    access: 'management',
    action: 'exchange.delete',
    async run(call) {
      const { engine } = call.desk;
      const [vhost, name] = [param(call, 'vhost'), exchangeParam(call)];
      await engine.exchange(call.actor, vhost, name);
      await engine.deleteExchange(call.actor, vhost, name, { unused: call.query.get('if-unused') === 'true' });
      return NO_CONTENT;
    },
  },
];
