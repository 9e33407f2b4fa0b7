import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import { engineErrorCode } from '../engine/errors.ts';
import { HASHING_ALGORITHMS } from '../users/hashing-algorithm.ts';
import type { Desk } from './desk.ts';
import { operation } from './operation.ts';

const NAMED_MAX = 20;

const userName = z.string().min(1, 'must not be empty');

/** Without its password. */
async function decided(desk: Desk, actor: Actor, { name }: { name: string }) {
  const { tags, limits } = await desk.engine.user(actor, name);
  return { name, tags, limits };
}

/** Either a password or a hash; neither of them: the user cannot log in by password. */
export const putUser = operation({
  action: 'user.put',
  role: 'administrator',
  input: z.strictObject({
    name: userName,
    tags: z.array(z.string()),
    password: z.string().optional(),
    passwordHash: z.string().optional(),
    hashingAlgorithm: z.enum(HASHING_ALGORITHMS).optional(),
  }),
  run: (desk, actor, input) => desk.engine.putUser(actor, input),
  subject: decided,
  note: ({ name }) => ({ object: name }),
});

export const deleteUser = operation({
  action: 'user.delete',
  role: 'administrator',
  input: z.strictObject({ name: userName }),
  async run(desk, actor, { name }) {
    await desk.engine.deleteUser(actor, name);
    return {};
  },
  subject: decided,
  note: ({ name }) => ({ object: name }),
});

export const deleteUsers = operation({
  action: 'user.delete-many',
  role: 'administrator',
  input: z.strictObject({ names: z.array(z.string()) }),
  async run(desk, actor, { names }) {
    for (const name of names) {
      await desk.engine.deleteUser(actor, name).catch((error: unknown) => {
        // One that is gone already is what was wanted.
        if (engineErrorCode(error) !== 'NOT_FOUND') throw error;
      });
    }
    return {};
  },
  note: ({ names }) => ({
    detail:
      names.slice(0, NAMED_MAX).join(', ') + (names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : ''),
  }),
});
