import * as z from 'zod';
import type { AuditNote } from '../audit/entry.ts';
import type { BindingInfo } from '../engine/port.ts';
import { objectName, shortString, typedTable, vhostName } from './fields.ts';
import { type Route, route } from './route.ts';

const binding = z.strictObject({
  vhost: vhostName,
  source: shortString,
  destinationType: z.enum(['queue', 'exchange']),
  destination: objectName,
  routingKey: shortString,
  arguments: typedTable,
});

function note(action: string, { vhost, source, destinationType, destination, routingKey }: BindingInfo): AuditNote {
  return { action, vhost, object: source, detail: `to ${destinationType} '${destination}', key '${routingKey}'` };
}

export const bindingRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/binding',
    input: binding,
    allow: 'console',
    async run(desk, actor, input) {
      await desk.engine.bind(actor, input);
      return {};
    },
    audit: (input) => note('binding.add', input),
  }),
  route({
    method: 'DELETE',
    path: '/binding',
    input: binding,
    allow: 'console',
    async run(desk, actor, input) {
      await desk.engine.unbind(actor, input);
      return {};
    },
    audit: (input) => note('binding.remove', input),
  }),
];
