import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import type { BindingInfo } from '../engine/bindings.ts';
import { jsonTable } from '../fields/json-table.ts';
import { writeJson } from '../json/write-json.ts';
import type { Desk } from './desk.ts';
import { objectName, shortString, typedTable, vhostName } from './fields.ts';
import { type ActNote, operation } from './operation.ts';

const input = z.strictObject({
  vhost: vhostName,
  source: shortString,
  destinationType: z.enum(['queue', 'exchange']),
  destination: objectName,
  routingKey: shortString,
  arguments: typedTable,
});

/** The binding, when it is there. */
async function made(desk: Desk, actor: Actor, binding: BindingInfo) {
  const { vhost, destinationType, destination, source, routingKey } = binding;
  const of = { destinationType, destination };
  const { rows } = await desk.engine.bindings(actor, { vhost, of, text: routingKey });
  const argumentsText = writeJson(jsonTable(binding.arguments));
  const found = rows.find(
    (one) =>
      one.source === source && one.routingKey === routingKey && writeJson(jsonTable(one.arguments)) === argumentsText,
  );
  return found && { routingKey, arguments: found.arguments };
}

function note({ vhost, source, destinationType, destination, routingKey }: BindingInfo): ActNote {
  return { vhost, object: source, detail: `to ${destinationType} '${destination}', key '${routingKey}'` };
}

export const bind = operation({
  action: 'binding.add',
  role: 'management',
  input,
  async run(desk, actor, binding) {
    await desk.engine.bind(actor, binding);
    return {};
  },
  subject: made,
  note,
});

export const unbind = operation({
  action: 'binding.remove',
  role: 'management',
  input,
  async run(desk, actor, binding) {
    await desk.engine.unbind(actor, binding);
    return {};
  },
  subject: made,
  note,
});
