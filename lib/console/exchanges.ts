import * as z from 'zod';
import { EXCHANGE_SORTS, type ListedExchange, type ListPage } from '../engine/lists.ts';
import { declareExchange, deleteExchange } from '../operations/exchanges.ts';
import { shortString, vhostName } from '../operations/fields.ts';
import { queryInteger } from './fields.ts';
import { type WithPolicyTexts, withPolicyTexts } from './policy-texts.ts';
import { acting, type Routes, route } from './route.ts';

export type ExchangeRow = WithPolicyTexts<ListedExchange>;
export type ExchangePage = ListPage<ExchangeRow>;
/** `atMs`: when the rates were taken. */
export type ShownExchange = WithPolicyTexts<ListedExchange> & { atMs: number };
export type { ExchangeSort } from '../engine/lists.ts';

export const exchangeRoutes = {
  'GET /exchanges': route({
    input: z.object({
      vhost: shortString.optional(),
      text: z.string().max(255).default(''),
      show: z.enum(['all', 'own']).default('all'),
      sort: z.enum(EXCHANGE_SORTS).default('name'),
      order: z.enum(['ascending', 'descending']).default('ascending'),
      offset: queryInteger(0, 1_000_000, 0),
      limit: queryInteger(1, 500, 100),
    }),
    async run(desk, actor, { show, order, ...question }): Promise<ExchangePage> {
      const descending = order === 'descending';
      const page = await desk.engine.lists.exchanges(actor, { ...question, ownOnly: show === 'own', descending });
      return { ...page, rows: page.rows.map(withPolicyTexts) };
    },
  }),
  'GET /exchange': route({
    input: z.object({ vhost: vhostName, name: shortString }),
    async run(desk, actor, { vhost, name }): Promise<ShownExchange> {
      const exchange = withPolicyTexts(await desk.engine.exchange(actor, vhost, name));
      return { ...exchange, atMs: desk.metrics.latest()?.atMs ?? 0, rates: desk.metrics.exchangeRates(vhost, name) };
    },
  }),
  'POST /exchange': acting(declareExchange),
  'DELETE /exchange': acting(deleteExchange),
} satisfies Routes;
