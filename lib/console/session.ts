import * as z from 'zod';
import type { Identity } from '../engine/port.ts';
import { noInput } from './fields.ts';
import { isOfThisMachine } from './peer.ts';
import { Refusal } from './refusal.ts';
import { type Route, route } from './route.ts';
import { SignInAttempts } from './sign-in-attempts.ts';

/** Any of RabbitMQ's tags that open its management UI. */
const CONSOLE_TAGS = new Set(['management', 'policymaker', 'monitoring', 'administrator']);

export function mayEnterConsole(identity: Identity): boolean {
  return identity.tags.some((tag) => CONSOLE_TAGS.has(tag));
}

const attempts = new SignInAttempts();

export const sessionRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/session',
    input: noInput,
    allow: 'console',
    run: async (_desk, _actor, _input, visit): Promise<Identity> => visit.identity as Identity,
  }),
  route({
    method: 'POST',
    path: '/session',
    input: z.strictObject({
      user: z.string().min(1, 'must not be empty').max(255),
      password: z.string().min(1, 'must not be empty').max(1024),
    }),
    allow: 'anyone',
    async run(desk, _actor, { user, password }, visit): Promise<Identity> {
      const { remoteAddress } = visit;
      if (!attempts.mayTry(remoteAddress, Date.now()))
        throw new Refusal(
          'TOO_MANY_ATTEMPTS',
          'Too many wrong passwords from your address. Wait a minute, then try again.',
        );
      const identity = await desk.engine.authenticate(user, password, remoteAddress);
      if (identity === null) {
        attempts.failed(remoteAddress, Date.now());
        const hint = isOfThisMachine(remoteAddress)
          ? ''
          : ' Some users, guest among them, may only sign in from the machine itself.';
        throw new Refusal('UNAUTHENTICATED', `Wrong name or password.${hint}`);
      }
      if (!mayEnterConsole(identity))
        throw new Refusal(
          'NOT_PERMITTED',
          `User '${user}' may use AMQP but not the console: it needs the tag management, policymaker, monitoring or administrator.`,
        );
      await visit.setSession(identity.user);
      return identity;
    },
    audit: ({ user }) => ({ action: 'session.sign-in', object: user }),
  }),
  route({
    method: 'DELETE',
    path: '/session',
    input: noInput,
    allow: 'anyone',
    async run(_desk, _actor, _input, visit) {
      await visit.setSession(null);
      return {};
    },
  }),
];
