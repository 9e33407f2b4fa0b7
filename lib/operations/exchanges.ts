import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import type { Desk } from './desk.ts';
import { objectName, typedTable, vhostName } from './fields.ts';
import { operation } from './operation.ts';

/** What somebody decided of an exchange. */
async function declaredExchange(desk: Desk, actor: Actor, { vhost, name }: { vhost: string; name: string }) {
  const exchange = await desk.engine.exchange(actor, vhost, name);
  const { type, durable, autoDelete, internal } = exchange;
  return { type, durable, autoDelete, internal, arguments: exchange.arguments };
}

export const declareExchange = operation({
  action: 'exchange.declare',
  role: 'management',
  input: z.strictObject({
    vhost: vhostName,
    name: objectName,
    type: z.string().min(1).max(255),
    durable: z.boolean(),
    autoDelete: z.boolean(),
    internal: z.boolean(),
    arguments: typedTable,
  }),
  run: (desk, actor, input) => desk.engine.declareExchange(actor, input),
  subject: declaredExchange,
  note: ({ vhost, name, type }, output) => ({
    vhost,
    object: name,
    detail: output?.created === false ? 'was there already' : type,
  }),
});

/** One that is not there is NOT_FOUND: only on the wire it is no error. */
export const deleteExchange = operation({
  action: 'exchange.delete',
  role: 'management',
  input: z.strictObject({ vhost: vhostName, name: objectName, unused: z.boolean().default(false) }),
  async run(desk, actor, { vhost, name, unused }) {
    await desk.engine.deleteExchange(actor, vhost, name, { unused });
    return {};
  },
  subject: declaredExchange,
  note: ({ vhost, name }) => ({ vhost, object: name }),
});
