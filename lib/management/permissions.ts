import type * as z from 'zod';
import type { WithProblem } from '../engine/administration.ts';
import {
  deletePermission,
  deleteTopicPermissions,
  putPermission,
  putTopicPermission,
} from '../operations/permissions.ts';
import { type ApiRoute, acting, type Call, named, put } from './api-route.ts';
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
function namedOf<T extends Of>({ params }: Call, all: WithProblem<T>[]) {
  const { vhost, user } = params;
  return all
    .filter((one) => (vhost === undefined || one.vhost === vhost) && (user === undefined || one.user === user))
    .map(({ patternProblem, ...permission }) => ({ ...permission, ...problemField(patternProblem) }));
}

const permissions = async (call: Call) => namedOf(call, await call.desk.engine.listPermissions(call.actor));
const topicPermissions = async (call: Call) => namedOf(call, await call.desk.engine.listTopicPermissions(call.actor));

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
  acting({
    method: 'PUT',
    path: '/permissions/:vhost/:user',
    operation: putPermission,
    body: permissionPut,
    input: (call) => ({ ...named(call, 'user', 'vhost'), ...call.body }),
    reply: put,
  }),
  acting({
    method: 'DELETE',
    path: '/permissions/:vhost/:user',
    operation: deletePermission,
    input: (call) => named(call, 'user', 'vhost'),
  }),
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
  acting({
    method: 'PUT',
    path: '/topic-permissions/:vhost/:user',
    operation: putTopicPermission,
    body: topicPermissionPut,
    input: (call) => ({ ...named(call, 'user', 'vhost'), ...call.body }),
    reply: put,
  }),
  acting({
    method: 'DELETE',
    path: '/topic-permissions/:vhost/:user',
    operation: deleteTopicPermissions,
    input: (call) => named(call, 'user', 'vhost'),
  }),
  acting({
    method: 'DELETE',
    path: '/topic-permissions/:vhost/:user/:exchange',
    operation: deleteTopicPermissions,
    input: (call) => named(call, 'user', 'vhost', 'exchange'),
  }),
];
