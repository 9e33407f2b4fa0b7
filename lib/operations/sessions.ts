/** Sign-ins to the console and sessions. */
import * as z from 'zod';
import { EngineError } from '../engine/errors.ts';
import { hasRole } from '../users/role.ts';
import { isOfThisMachine } from '../web/peer.ts';
import { Refusal } from '../web/refusal.ts';
import { operation } from './operation.ts';
import { roleRefusalNow } from './required-role.ts';

/** Refused by a look at the password, which counts them, or without one. */
const COUNTED = ['UNAUTHENTICATED', 'TOO_MANY_ATTEMPTS'];

export const signIn = operation({
  action: 'session.sign-in',
  role: null,
  input: z.strictObject({
    user: z.string().min(1, 'must not be empty').max(255),
    password: z.string().min(1, 'must not be empty').max(1024),
  }),
  async run(desk, _actor, { user, password }, { remoteAddress: address, by }) {
    const identity = await desk.signIns.signIn({ user, password, address }, by, () =>
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
    if (!hasRole(identity.tags, 'management'))
      throw new Refusal(
        'NOT_PERMITTED',
        `User '${user}' may use AMQP but not the console: it needs the tag management, policymaker, monitoring or administrator.`,
      );
    return identity;
  },
  note: ({ user }, _output, outcome) => (COUNTED.includes(outcome) ? null : { object: user }),
});

export const revokeSession = operation({
  action: 'session.revoke',
  role: 'management',
  input: z.strictObject({ id: z.string().min(1).max(100) }),
  async run(desk, actor, { id }) {
    const user = await desk.sessions.owner(id);
    const isOwn = user === actor.user;
    // To others it is as if it were not there.
    const mayEnd = isOwn || (await roleRefusalNow(desk.engine, actor, 'administrator')) === null;
    if (user === null || !mayEnd) throw new EngineError('NOT_FOUND', 'the session has ended already');
    await desk.sessions.revoke(id);
    return { user };
  },
  note: (_input, output) => (output === undefined ? {} : { object: output.user }),
});
