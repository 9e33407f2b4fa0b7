import type * as z from 'zod';
import type { WithProblem } from '../engine/administration.ts';
import { type ApiRoute, apiRoute, type Call, NO_CONTENT, param, put } from './api-route.ts';
import { notFound } from './failure.ts';
import { listing, single } from './listing.ts';
import { columnsQuery, listOf, listQuery } from './schema/list.ts';
import { problemField } from './schema/pattern.ts';
import { permissionPut, permissionShape, topicPermissionPut, topicPermissionShape } from './schema/permission.ts';

interface Of {
  user: string;
  vhost: string;
}

/** The permissions that the path names: of a vhost, of a user, of both, or all. */
function named<T extends Of>({ params }: Call, all: WithProblem<T>[]) {
  const { vhost, user } = params;
  return all
    .filter((one) => (vhost === undefined || one.vhost === vhost) && (user === undefined || one.user === user))
    .map(({ patternProblem, ...permission }) => ({ ...permission, ...problemField(patternProblem) }));
}

const permissions = async (call: Call) => named(call, await call.desk.engine.listPermissions(call.actor));
const topicPermissions = async (call: Call) => named(call, await call.desk.engine.listTopicPermissions(call.actor));

/** A list of what a user or a vhost that exists has. */
async function ofUser(call: Call): Promise<void> {
  if (call.params.user !== undefined) await call.desk.engine.user(call.actor, call.params.user);
}

const list = (path: string, shape: z.ZodType, what: (call: Call) => Promise<Of[]>): ApiRoute => ({
  method: 'GET',
  path,
  access: 'administrator',
  query: listQuery,
  answer: listOf(shape),
  async run(call) {
    await ofUser(call);
    return listing(call, await what(call));
  },
});

export const permissionRoutes: ApiRoute[] = [
  list('/permissions', permissionShape, permissions),
  list('/users/:user/permissions', permissionShape, permissions),
  list('/vhosts/:vhost/permissions', permissionShape, permissions),
  {
    method: 'GET',
    path: '/permissions/:vhost/:user',
    access: 'administrator',
    query: columnsQuery,
    answer: permissionShape,
    async run(call) {
      const [found] = await permissions(call);
      if (found === undefined) throw notFound();
      return single(call, found);
    },
  },
  apiRoute({
    method: 'PUT',
    path: '/permissions/:vhost/:user',
    access: 'administrator',
    action: 'permission.put',
    body: permissionPut,
    async run(call) {
      const [user, vhost] = [param(call, 'user'), param(call, 'vhost')];
      return put(await call.desk.engine.putPermission(call.actor, { user, vhost, ...call.body }));
    },
  }),
  {
    method: 'DELETE',
    path: '/permissions/:vhost/:user',
    access: 'administrator',
    action: 'permission.delete',
    async run(call) {
      if ((await permissions(call)).length === 0) throw notFound();
      await call.desk.engine.deletePermission(call.actor, param(call, 'vhost'), param(call, 'user'));
      return NO_CONTENT;
    },
  },
  list('/topic-permissions', topicPermissionShape, topicPermissions),
  list('/users/:user/topic-permissions', topicPermissionShape, topicPermissions),
  list('/vhosts/:vhost/topic-permissions', topicPermissionShape, topicPermissions),
  {
    method: 'GET',
    path: '/topic-permissions/:vhost/:user',
    access: 'administrator',
    query: listQuery,
    answer: listOf(topicPermissionShape),
    async run(call) {
      const found = await topicPermissions(call);
      if (found.length === 0) throw notFound();
      return listing(call, found);
    },
  },
  apiRoute({
    method: 'PUT',
    path: '/topic-permissions/:vhost/:user',
    access: 'administrator',
    action: 'topic-permission.put',
    body: topicPermissionPut,
    async run(call) {
      const [user, vhost] = [param(call, 'user'), param(call, 'vhost')];
      return put(await call.desk.engine.putTopicPermission(call.actor, { user, vhost, ...call.body }));
    },
  }),
  {
    method: 'DELETE',
    path: '/topic-permissions/:vhost/:user',
    access: 'administrator',
    action: 'topic-permission.delete',
    async run(call) {
      await call.desk.engine.deleteTopicPermissions(call.actor, param(call, 'vhost'), param(call, 'user'));
      return NO_CONTENT;
    },
  },
  {
    method: 'DELETE',
    path: '/topic-permissions/:vhost/:user/:exchange',
    access: 'administrator',
    action: 'topic-permission.delete',
    async run(call) {
      const { engine } = call.desk;
      await engine.deleteTopicPermissions(
        call.actor,
        param(call, 'vhost'),
        param(call, 'user'),
        param(call, 'exchange'),
      );
      return NO_CONTENT;
    },
  },
];
