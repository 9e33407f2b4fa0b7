import { requireKeys, text } from './arguments.ts';
import { type Call, type Entry, NO_CONTENT, param, put } from './entry.ts';
import { badRequest, notFound } from './failure.ts';
import { listing, single } from './listing.ts';

interface Of {
  user: string;
  vhost: string;
}

/** Those that the path names: of a vhost, of a user, of both, or all. */
function named<T extends Of>({ params }: Call, all: T[]): T[] {
  const { vhost, user } = params;
  return all.filter((one) => (vhost === undefined || one.vhost === vhost) && (user === undefined || one.user === user));
}

const permissions = async (call: Call) => named(call, await call.desk.engine.listPermissions(call.actor));
const topicPermissions = async (call: Call) => named(call, await call.desk.engine.listTopicPermissions(call.actor));

/** A list of what a user or a vhost that exists has. */
async function ofUser(call: Call): Promise<void> {
  if (call.params.user !== undefined) await call.desk.engine.user(call.actor, call.params.user);
}

function pattern(call: Call, name: string): string {
  const value = text(call.body[name], '', name);
  try {
    new RegExp(value);
  } catch (error) {
    throw badRequest(`invalid_regexp ${value}: ${(error as Error).message}`);
  }
  return value;
}

const list = (path: string, what: (call: Call) => Promise<Of[]>): Entry => ({
  method: 'GET',
  path,
  access: 'administrator',
  async run(call) {
    await ofUser(call);
    return listing(call, await what(call));
  },
});

export const permissionEntries: Entry[] = [
  list('/permissions', permissions),
  list('/users/:user/permissions', permissions),
  list('/vhosts/:vhost/permissions', permissions),
  {
    method: 'GET',
    path: '/permissions/:vhost/:user',
    access: 'administrator',
    async run(call) {
      const [found] = await permissions(call);
      if (found === undefined) throw notFound();
      return single(call, found);
    },
  },
  {
    method: 'PUT',
    path: '/permissions/:vhost/:user',
    access: 'administrator',
    action: 'permission.put',
    async run(call) {
      requireKeys(call.body, 'configure', 'write', 'read');
      const [user, vhost] = [param(call, 'user'), param(call, 'vhost')];
      const patterns = {
        configure: pattern(call, 'configure'),
        write: pattern(call, 'write'),
        read: pattern(call, 'read'),
      };
      return put(await call.desk.engine.putPermission(call.actor, { user, vhost, ...patterns }));
    },
  },
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
  list('/topic-permissions', topicPermissions),
  list('/users/:user/topic-permissions', topicPermissions),
  list('/vhosts/:vhost/topic-permissions', topicPermissions),
  {
    method: 'GET',
    path: '/topic-permissions/:vhost/:user',
    access: 'administrator',
    async run(call) {
      const found = await topicPermissions(call);
      if (found.length === 0) throw notFound();
      return listing(call, found);
    },
  },
  {
    method: 'PUT',
    path: '/topic-permissions/:vhost/:user',
    access: 'administrator',
    action: 'topic-permission.put',
    async run(call) {
      requireKeys(call.body, 'exchange', 'write', 'read');
      const [user, vhost] = [param(call, 'user'), param(call, 'vhost')];
      const exchange = text(call.body.exchange, '', 'exchange');
      const patterns = { write: pattern(call, 'write'), read: pattern(call, 'read') };
      return put(await call.desk.engine.putTopicPermission(call.actor, { user, vhost, exchange, ...patterns }));
    },
  },
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
