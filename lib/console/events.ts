import * as z from 'zod';
import { queryInteger } from './fields.ts';
import { type Routes, route } from './route.ts';

const EVERY_MS_MAX = 60_000;

export const eventRoutes = {
  'GET /events': route({
    input: z.object({
      everyMs: queryInteger(1_000, EVERY_MS_MAX, 1_000),
      /** The same as the header Last-Event-ID, for pages that come back by themselves. */
      lastEventId: z.string().max(64).optional(),
    }),
    async run(desk, _actor, { everyMs, lastEventId = null }, context): Promise<Response> {
      const body = desk.events.open({
        identity: context.identity,
        sessionId: context.sessionId,
        everyMs,
        lastEventId: context.lastEventId ?? lastEventId,
        isSignedIn: context.isSignedIn,
        signal: context.signal,
      });
      return new Response(body, {
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          // no-transform: nobody may compress it, because that would hold it back.
          'cache-control': 'no-cache, no-transform',
          'x-accel-buffering': 'no',
          'x-content-type-options': 'nosniff',
        },
      });
    },
  }),
} satisfies Routes;
