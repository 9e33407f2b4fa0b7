import * as z from 'zod';
import type { SessionInfo } from '../auth/sessions.ts';
import type { Identity } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import { hasRole } from '../users/role.ts';
import { isOfThisMachine } from '../web/peer.ts';
import { Refusal } from '../web/refusal.ts';
import { noInput } from './fields.ts';
import { type Route, route } from './route.ts';
import { mayEnterConsole } from './sight.ts';

/** Somebody's sign-in to the console. */
export interface SessionRow extends SessionInfo {
  /** The one that asks. */
  isThis: boolean;
}

function isAdministrator(identity: Identity | null): boolean {
  return identity !== null && hasRole(identity.tags, 'administrator');
}

const COUNTED = ['UNAUTHENTICATED', 'TOO_MANY_ATTEMPTS'];

export const sessionRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/session',
    input: noInput,
    allow: 'console',
    run: async (_desk, _actor, _input, context): Promise<Identity> => context.identity as Identity,
  }),
  route({
    method: 'POST',
    path: '/session',
    input: z.strictObject({
      user: z.string().min(1, 'must not be empty').max(255),
      password: z.string().min(1, 'must not be empty').max(1024),
    }),
    allow: 'anyone',
    async run(desk, _actor, { user, password }, context): Promise<Identity> {
      const address = context.remoteAddress;
      const identity = await desk.signIns.signIn({ user, password, address }, '', () =>
        desk.engine.authenticate(user, password, address),
      );
      if (identity === 'too-many')
        throw new Refusal(
          'TOO_MANY_ATTEMPTS',
          'Too many wrong passwords from your address. Wait a minute, then try again.',
        );
      if (identity === 'wrong') {
        const hint = isOfThisMachine(address)
          ? ''
          : ' Some users, guest among them, may only sign in from the machine itself, and not through a proxy that WARREN_TRUSTED_PROXIES does not name.';
        throw new Refusal('UNAUTHENTICATED', `Wrong name or password.${hint}`);
      }
      if (!mayEnterConsole(identity))
        throw new Refusal(
          'NOT_PERMITTED',
          `User '${user}' may use AMQP but not the console: it needs the tag management, policymaker, monitoring or administrator.`,
        );
      await context.setSession(identity.user);
      return identity;
    },
    // Wrong passwords are counted where they are looked at.
    audit: ({ user }, _output, outcome) =>
      COUNTED.includes(outcome) ? null : { action: 'session.sign-in', object: user },
  }),
  route({
    method: 'GET',
    path: '/sessions',
    input: z.object({ everybody: z.literal('true').optional() }),
    allow: 'console',
    async run(desk, actor, { everybody }, { identity, sessionId }): Promise<{ rows: SessionRow[] }> {
      const sessions = await desk.sessions.list(everybody && isAdministrator(identity) ? null : actor.user);
      return { rows: sessions.map((session) => ({ ...session, isThis: session.id === sessionId })) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/sessions',
    input: z.strictObject({ id: z.string().min(1).max(100) }),
    allow: 'console',
    async run(desk, actor, { id }, { identity }): Promise<{ user: string }> {
      const user = await desk.sessions.owner(id);
      // To others it is as if it were not there.
      if (user === null || (user !== actor.user && !isAdministrator(identity)))
        throw new EngineError('NOT_FOUND', 'the session has ended already');
      await desk.sessions.revoke(id);
      return { user };
    },
    audit: (_input, output) => ({
      action: 'session.revoke',
      ...(output !== undefined && { object: output.user }),
    }),
  }),
  route({
    method: 'DELETE',
    path: '/session',
    input: noInput,
    allow: 'anyone',
    async run(_desk, _actor, _input, context) {
      await context.setSession(null);
      return {};
    },
  }),
];
