import { hashPassword } from '../auth/password.ts';
import type { UserInfo } from '../engine/administration.ts';
import { deleteUser, deleteUsers, putUser } from '../operations/users.ts';
import { type ApiRoute, acting, ok, param, put } from './api-route.ts';
import { listing, single } from './listing.ts';
import { columnsQuery, listOf, listQuery } from './schema/list.ts';
import { hashedPassword, ownUser, type UserRow, userNames, userPut, userShape } from './schema/user.ts';

function userRow({ name, passwordHash, hashingAlgorithm, tags, limits }: UserInfo): UserRow {
  return { name, password_hash: passwordHash, hashing_algorithm: hashingAlgorithm, tags, limits };
}

export const userRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/whoami',
    access: 'management',
    answer: ownUser,
    run: async ({ identity }) => ok({ name: identity.user, tags: identity.tags, is_internal_user: true }),
  },
  {
    method: 'GET',
    path: '/users',
    access: 'administrator',
    query: listQuery,
    answer: listOf(userShape),
    run: async (call) => listing(call, await call.desk.engine.listUsers(call.actor), userRow),
  },
  {
    method: 'GET',
    path: '/users/without-permissions',
    access: 'administrator',
    query: listQuery,
    answer: listOf(userShape),
    async run(call) {
      const { engine } = call.desk;
      const permitted = new Set((await engine.listPermissions(call.actor)).map(({ user }) => user));
      const users = (await engine.listUsers(call.actor)).filter(({ name }) => !permitted.has(name));
      return listing(call, users, userRow);
    },
  },
  acting({
    method: 'POST',
    path: '/users/bulk-delete',
    operation: deleteUsers,
    body: userNames,
    input: ({ body: { users: names } }) => ({ names }),
  }),
  {
    method: 'GET',
    path: '/users/:user',
    access: 'administrator',
    query: columnsQuery,
    answer: userShape,
    run: async (call) => single(call, userRow(await call.desk.engine.user(call.actor, param(call, 'user')))),
  },
  acting({
    method: 'PUT',
    path: '/users/:user',
    operation: putUser,
    body: userPut,
    input(call) {
      const { tags, administrator, password, password_hash: passwordHash, hashing_algorithm: algorithm } = call.body;
      return {
        name: param(call, 'user'),
        tags: tags ?? (administrator ? ['administrator'] : []),
        ...(password !== undefined && { password }),
        ...(passwordHash !== undefined && { passwordHash, ...(algorithm && { hashingAlgorithm: algorithm }) }),
      };
    },
    reply: put,
  }),
  acting({
    method: 'DELETE',
    path: '/users/:user',
    operation: deleteUser,
    input: (call) => ({ name: param(call, 'user') }),
  }),
  {
    method: 'GET',
    path: '/auth/hash_password/:password',
    access: 'administrator',
    answer: hashedPassword,
    run: async (call) => ok({ ok: hashPassword(param(call, 'password')).passwordHash }),
  },
];
