import * as z from 'zod';
import type { SessionInfo } from '../auth/sessions.ts';
import { perform } from '../operations/perform.ts';
import { revokeSession, signIn } from '../operations/sessions.ts';
import { hasRole } from '../users/role.ts';
import { noQuery } from './fields.ts';
import { acting, doorOf, openRoute, type Routes, route } from './route.ts';

/** Somebody's sign-in to the console. */
export interface SessionRow extends SessionInfo {
  /** The one that asks. */
  isThis: boolean;
}

export const sessionRoutes = {
  'GET /session': route({
    input: noQuery,
    run: async (_desk, _actor, _input, context) => context.identity,
  }),
  'POST /session': openRoute({
    input: signIn.input,
    operation: signIn,
    run: (desk, actor, input, context) =>
      perform(
        signIn,
        input,
        { desk, actor, door: doorOf(context) },
        { conclude: ({ user }) => context.setSession(user) },
      ),
  }),
  'GET /sessions': route({
    input: z.object({ everybody: z.literal('true').optional() }),
    async run(desk, actor, { everybody }, { identity, sessionId }): Promise<{ rows: SessionRow[] }> {
      const sessions = await desk.sessions.list(
        everybody && hasRole(identity.tags, 'administrator') ? null : actor.user,
      );
      return { rows: sessions.map((session) => ({ ...session, isThis: session.id === sessionId })) };
    },
  }),
  'DELETE /sessions': acting(revokeSession),
  'DELETE /session': openRoute({
    input: noQuery,
    async run(_desk, _actor, _input, context) {
      await context.setSession(null);
      return {};
    },
  }),
} satisfies Routes;
