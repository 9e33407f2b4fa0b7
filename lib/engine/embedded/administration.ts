/** The commands that administer the broker in this thread. Who may is checked here, what is possible by the broker. */
import type { Broker } from '../../broker/broker.ts';
import type { Role, User } from '../../broker/user.ts';
import type { Vhost } from '../../broker/vhost.ts';
import type { Administration, UserInfo, VhostInfo } from '../administration.ts';
import { EngineError } from '../errors.ts';
import type { Actor } from '../port.ts';

export function createAdministration(broker: Broker): Administration {
  const { accounts, vhostCommands } = broker;
  const actorAs = (role: Role, actor: Actor): User => {
    const who = broker.users.get(actor.user);
    if (!who) throw new EngineError('ACCESS_REFUSED', `user '${actor.user}' does not exist`);
    who.requireRole(role);
    return who;
  };
  const maySee = (who: User, vhost: string): boolean => who.hasRole('monitoring') || who.mayEnter(vhost);

  return {
    async listVhostInfos(actor) {
      const who = actorAs('management', actor);
      return [...broker.vhosts.values()].filter(({ name }) => maySee(who, name)).map(vhostInfo);
    },

    async vhost(actor, name) {
      const who = actorAs('management', actor);
      const vhost = vhostCommands.vhost(name);
      if (!maySee(who, name)) throw new EngineError('ACCESS_REFUSED', 'User not authorised to access virtual host');
      return vhostInfo(vhost);
    },

    async putVhost(actor, vhost) {
      actorAs('administrator', actor);
      return vhostCommands.put(vhost);
    },

    async deleteVhost(actor, name) {
      actorAs('administrator', actor);
      await vhostCommands.delete(name);
    },

    async listUsers(actor) {
      actorAs('administrator', actor);
      return [...broker.users.values()].map(userInfo);
    },

    async user(actor, name) {
      actorAs('administrator', actor);
      return userInfo(accounts.user(name));
    },

    async putUser(actor, user) {
      actorAs('administrator', actor);
      return accounts.putUser(user);
    },

    async deleteUser(actor, name) {
      actorAs('administrator', actor);
      await accounts.deleteUser(name);
    },

    async listPermissions(actor) {
      actorAs('administrator', actor);
      return [...broker.users.values()].flatMap((user) => user.permissionList);
    },

    async putPermission(actor, permission) {
      actorAs('administrator', actor);
      return accounts.putPermission(permission);
    },

    async deletePermission(actor, vhost, user) {
      actorAs('administrator', actor);
      await accounts.deletePermission(vhost, user);
    },

    async listTopicPermissions(actor) {
      actorAs('administrator', actor);
      return [...broker.users.values()].flatMap((user) => user.topicPermissionList);
    },

    async putTopicPermission(actor, permission) {
      actorAs('administrator', actor);
      return accounts.putTopicPermission(permission);
    },

    async deleteTopicPermissions(actor, vhost, user, exchange) {
      actorAs('administrator', actor);
      await accounts.deleteTopicPermissions(vhost, user, exchange);
    },
  };
}

function vhostInfo(vhost: Vhost): VhostInfo {
  let ready = 0;
  let unacked = 0;
  for (const queue of vhost.queues.values()) {
    ready += queue.readyCount;
    unacked += queue.unackedCount;
  }
  return { ...vhost.definition, ready, unacked, connections: vhost.connectionCount };
}

function userInfo(user: User): UserInfo {
  return { ...user.definition };
}
