import { hashPassword } from '../auth/password.ts';
import type { HashingAlgorithm, JsonValue, UserInfo } from '../engine/administration.ts';
import { text } from './arguments.ts';
import { type Call, type Entry, NO_CONTENT, ok, param, put } from './entry.ts';
import { badRequest } from './failure.ts';
import { listing, single } from './listing.ts';

const ALGORITHMS: readonly string[] = [
  'rabbit_password_hashing_sha256',
  'rabbit_password_hashing_sha512',
  'rabbit_password_hashing_md5',
];

/** "a,b" or a list. */
export function tagsOf(value: JsonValue): string[] {
  const list = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(list) || list.some((tag) => typeof tag !== 'string')) throw badRequest('{invalid_tags}');
  return (list as string[]).map((tag) => tag.trim()).filter((tag) => tag !== '');
}

function userRow({ name, passwordHash, hashingAlgorithm, tags, limits }: UserInfo): Record<string, unknown> {
  return { name, password_hash: passwordHash, hashing_algorithm: hashingAlgorithm, tags, limits };
}

function credentials({ body }: Call) {
  const { password, password_hash: hash, hashing_algorithm: algorithm } = body;
  if (password !== undefined && hash !== undefined) throw badRequest('both_password_and_password_hash_are_provided');
  if (hash !== undefined) {
    const hashingAlgorithm = text(algorithm, ALGORITHMS[0] as string, 'hashing_algorithm');
    if (!ALGORITHMS.includes(hashingAlgorithm)) throw badRequest(`unknown hashing_algorithm ${hashingAlgorithm}`);
    return { passwordHash: text(hash, '', 'password_hash'), hashingAlgorithm: hashingAlgorithm as HashingAlgorithm };
  }
  return password === undefined ? {} : { password: text(password, '', 'password') };
}

export const userEntries: Entry[] = [
  {
    method: 'GET',
    path: '/whoami',
    access: 'management',
    run: async ({ identity }) => ok({ name: identity.user, tags: identity.tags, is_internal_user: true }),
  },
  {
    method: 'GET',
    path: '/users',
    access: 'administrator',
    run: async (call) => listing(call, await call.desk.engine.listUsers(call.actor), userRow),
  },
  {
    method: 'GET',
    path: '/users/without-permissions',
    access: 'administrator',
    async run(call) {
      const { engine } = call.desk;
      const permitted = new Set((await engine.listPermissions(call.actor)).map(({ user }) => user));
      const users = (await engine.listUsers(call.actor)).filter(({ name }) => !permitted.has(name));
      return listing(call, users, userRow);
    },
  },
  {
    method: 'POST',
    path: '/users/bulk-delete',
    access: 'administrator',
    action: 'user.delete-many',
    async run(call) {
      const { users } = call.body;
      if (!Array.isArray(users)) throw badRequest('[{key_missing,users}]');
      for (const name of users) {
        await call.desk.engine.deleteUser(call.actor, text(name, '', 'users')).catch((error: unknown) => {
          // One that is gone already is what was wanted.
          if (!(error instanceof Error && 'code' in error && error.code === 'NOT_FOUND')) throw error;
        });
      }
      return NO_CONTENT;
    },
  },
  {
    method: 'GET',
    path: '/users/:user',
    access: 'administrator',
    run: async (call) => single(call, userRow(await call.desk.engine.user(call.actor, param(call, 'user')))),
  },
  {
    method: 'PUT',
    path: '/users/:user',
    access: 'administrator',
    action: 'user.put',
    async run(call) {
      const { body } = call;
      if (body.tags === undefined && body.administrator === undefined) throw badRequest('tags_not_present');
      const tags = body.tags === undefined ? (body.administrator === true ? ['administrator'] : []) : tagsOf(body.tags);
      return put(await call.desk.engine.putUser(call.actor, { name: param(call, 'user'), tags, ...credentials(call) }));
    },
  },
  {
    method: 'DELETE',
    path: '/users/:user',
    access: 'administrator',
    action: 'user.delete',
    async run(call) {
      await call.desk.engine.deleteUser(call.actor, param(call, 'user'));
      return NO_CONTENT;
    },
  },
  {
    method: 'GET',
    path: '/auth/hash_password/:password',
    access: 'administrator',
    run: async (call) => ok({ ok: hashPassword(param(call, 'password')).passwordHash }),
  },
];
