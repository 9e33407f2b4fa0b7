import * as z from 'zod';
import type { BindingInfo } from '../engine/bindings.ts';
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
  note,
});
