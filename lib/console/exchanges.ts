import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import { EXCHANGE_SORTS, type ListedExchange, type ListPage } from '../engine/lists.ts';
import type { Desk } from './desk.ts';
import { objectName, queryInteger, shortString, typedTable, vhostName } from './fields.ts';
import { type WithPolicyTexts, withPolicyTexts } from './policy-texts.ts';
import { type Route, route } from './route.ts';

export type ExchangeRow = WithPolicyTexts<ListedExchange>;
export type ExchangePage = ListPage<ExchangeRow>;
/** `atMs`: when the rates were taken. */
export type ShownExchange = WithPolicyTexts<ListedExchange> & { atMs: number };
export type { ExchangeSort } from '../engine/lists.ts';

const declaration = z.strictObject({
  vhost: vhostName,
  name: objectName,
  type: z.string().min(1).max(255),
  durable: z.boolean(),
  autoDelete: z.boolean(),
  internal: z.boolean(),
  arguments: typedTable,
});

export const exchangeRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/exchanges',
    input: z.object({
      vhost: shortString.optional(),
      text: z.string().max(255).default(''),
      show: z.enum(['all', 'own']).default('all'),
      sort: z.enum(EXCHANGE_SORTS).default('name'),
      order: z.enum(['ascending', 'descending']).default('ascending'),
      offset: queryInteger(0, 1_000_000, 0),
      limit: queryInteger(1, 500, 100),
    }),
    allow: 'console',
    async run(desk, actor, { show, order, ...question }): Promise<ExchangePage> {
      const descending = order === 'descending';
      const page = await desk.engine.lists.exchanges(actor, { ...question, ownOnly: show === 'own', descending });
      return { ...page, rows: page.rows.map(withPolicyTexts) };
    },
  }),
  route({
    method: 'GET',
    path: '/exchange',
    input: z.object({ vhost: vhostName, name: shortString }),
    allow: 'console',
    async run(desk, actor, { vhost, name }): Promise<ShownExchange> {
      const exchange = withPolicyTexts(await desk.engine.exchange(actor, vhost, name));
      return { ...exchange, atMs: desk.metrics.latest()?.atMs ?? 0, rates: desk.metrics.exchangeRates(vhost, name) };
    },
  }),
  route({
    method: 'POST',
    path: '/exchange',
    input: declaration,
    allow: 'console',
    run: (desk, actor, input) => desk.engine.declareExchange(actor, input),
    subject: declaredExchange,
    audit: (input, output) => ({
      action: 'exchange.declare',
      vhost: input.vhost,
      object: input.name,
      detail: output?.created === false ? 'was there already' : input.type,
    }),
  }),
  route({
    method: 'DELETE',
    path: '/exchange',
    input: z.strictObject({ vhost: vhostName, name: objectName, unused: z.boolean().default(false) }),
    allow: 'console',
    async run(desk, actor, { vhost, name, unused }) {
      await desk.engine.deleteExchange(actor, vhost, name, { unused });
      return {};
    },
    subject: declaredExchange,
    audit: ({ vhost, name }) => ({ action: 'exchange.delete', vhost, object: name }),
  }),
];

/** What somebody decided of an exchange. */
async function declaredExchange(desk: Desk, actor: Actor, { vhost, name }: { vhost: string; name: string }) {
  const exchange = await desk.engine.exchange(actor, vhost, name);
  const { type, durable, autoDelete, internal } = exchange;
  return { type, durable, autoDelete, internal, arguments: exchange.arguments };
}
