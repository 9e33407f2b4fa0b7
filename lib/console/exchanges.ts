import * as z from 'zod';
import type { Actor, ExchangeDetail, ExchangeInfo } from '../engine/port.ts';
import type { ExchangeRates } from '../metrics/metrics.ts';
import type { Desk } from './desk.ts';
import { objectName, shortString, typedTable, vhostName } from './fields.ts';
import { type WithPolicyTexts, withPolicyTexts } from './policy-texts.ts';
import { type Route, route } from './route.ts';

export type ShownExchange = WithPolicyTexts<ExchangeDetail> & { rates: ExchangeRates | null };

export interface ExchangeRow extends WithPolicyTexts<ExchangeInfo> {
  rates: ExchangeRates | null;
}

export interface ExchangeList {
  rows: ExchangeRow[];
}

const declaration = z.strictObject({
  vhost: vhostName,
  name: objectName,
  type: z.string().min(1).max(255),
  durable: z.boolean(),
  autoDelete: z.boolean(),
  internal: z.boolean(),
  arguments: typedTable,
});

/** There are tens of exchanges where there are thousands of queues: they come as one list. */
export const exchangeRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/exchanges',
    input: z.object({ vhost: shortString.optional() }),
    allow: 'console',
    async run(desk, actor, { vhost }): Promise<ExchangeList> {
      const all = await desk.listings.exchanges(actor);
      return {
        rows: all
          .filter((exchange) => vhost === undefined || exchange.vhost === vhost)
          .map((exchange) => ({
            ...withPolicyTexts(exchange),
            rates: desk.metrics.exchangeRates(exchange.vhost, exchange.name),
          })),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/exchange',
    input: z.object({ vhost: vhostName, name: shortString }),
    allow: 'console',
    async run(desk, actor, { vhost, name }): Promise<ShownExchange> {
      const exchange = withPolicyTexts(await desk.engine.exchange(actor, vhost, name));
      return { ...exchange, rates: desk.metrics.exchangeRates(vhost, name) };
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

/** What somebody decided of an exchange, and what would go with it. */
async function declaredExchange(desk: Desk, actor: Actor, { vhost, name }: { vhost: string; name: string }) {
  const exchange = await desk.engine.exchange(actor, vhost, name);
  const { type, durable, autoDelete, internal, outgoing, incoming } = exchange;
  return { type, durable, autoDelete, internal, arguments: exchange.arguments, outgoing, incoming };
}
