import * as z from 'zod';
import type { Action } from '../audit/actions.ts';
import type { AuditNote } from '../audit/entry.ts';
import type { ListPage } from '../engine/lists.ts';
import type { BindingInfo } from '../engine/port.ts';
import { objectName, queryInteger, shortString, typedTable, vhostName } from './fields.ts';
import { type Route, route } from './route.ts';

const binding = z.strictObject({
  vhost: vhostName,
  source: shortString,
  destinationType: z.enum(['queue', 'exchange']),
  destination: objectName,
  routingKey: shortString,
  arguments: typedTable,
});

function note(action: Action, { vhost, source, destinationType, destination, routingKey }: BindingInfo): AuditNote {
  return { action, vhost, object: source, detail: `to ${destinationType} '${destination}', key '${routingKey}'` };
}

const pageInput = {
  vhost: vhostName,
  text: z.string().max(255).default(''),
  offset: queryInteger(0, 1_000_000, 0),
  limit: queryInteger(1, 500, 100),
};

export const bindingRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/bindings',
    /** One end: the exchange that they come from, or what they lead to. */
    input: z.union([
      z.object({ ...pageInput, source: shortString }),
      z.object({ ...pageInput, destinationType: z.enum(['queue', 'exchange']), destination: shortString }),
    ]),
    allow: 'console',
    run: (desk, actor, input): Promise<ListPage<BindingInfo>> => {
      const { vhost, text, offset, limit, ...of } = input;
      return desk.engine.bindings(actor, { vhost, of, text, offset, limit });
    },
  }),
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
