import * as z from 'zod';
import type { BindingInfo } from '../engine/bindings.ts';
import type { ListPage } from '../engine/lists.ts';
import { bind, unbind } from '../operations/bindings.ts';
import { shortString, vhostName } from '../operations/fields.ts';
import { queryInteger } from './fields.ts';
import { acting, type Routes, route } from './route.ts';

const pageInput = {
  vhost: vhostName,
  text: z.string().max(255).default(''),
  offset: queryInteger(0, 1_000_000, 0),
  limit: queryInteger(1, 500, 100),
};

export const bindingRoutes = {
  'GET /bindings': route({
    /** One end: the exchange that the bindings come from, or what they lead to. */
    input: z.union([
      z.object({ ...pageInput, source: shortString }),
      z.object({ ...pageInput, destinationType: z.enum(['queue', 'exchange']), destination: shortString }),
    ]),
    run: (desk, actor, input): Promise<ListPage<BindingInfo>> => {
      const { vhost, text, offset, limit, ...of } = input;
      return desk.engine.bindings(actor, { vhost, of, text, offset, limit });
    },
  }),
  'POST /binding': acting(bind),
  'DELETE /binding': acting(unbind),
} satisfies Routes;
