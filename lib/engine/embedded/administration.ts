/** The commands that administer the broker in this thread. Who may is checked here, what is possible by the broker. */
import type { Broker } from '../../broker/broker.ts';
import type { User } from '../../broker/permissions/user.ts';
import type { PolicyDefinition } from '../../broker/ports.ts';
import type { Vhost } from '../../broker/vhosts/vhost.ts';
import type { Listener } from '../../server/listener.ts';
import type { Role } from '../../users/role.ts';
import type { Actor } from '../actor.ts';
import type { Administration, PolicyInfo, PolicyKind, UserInfo, VhostInfo, WithProblem } from '../administration.ts';
import { EngineError } from '../errors.ts';
import type { RabbitFacts } from '../rabbit-facts.ts';
import { userAs } from './acting-user.ts';
import { vhostTraffic } from './vhost-traffic.ts';

export function createAdministration(
  broker: Broker,
  listener: Pick<Listener, 'connections'>,
): Administration & Pick<RabbitFacts, 'resetLogins'> {
  const { accounts, vhostCommands, policies, parameters } = broker;
  const actorAs = (role: Role, actor: Actor): User => userAs(role, broker, actor);
  const requirePolicymaker = (actor: Actor, kind: PolicyKind, vhost: string): void => {
    const who = actorAs(kind === 'policy' ? 'policymaker' : 'administrator', actor);
    if (who.hasRole('administrator') || who.mayEnter(vhost)) return;
    throw new EngineError('ACCESS_REFUSED', 'User not authorised to access object');
  };

  const policyInfo = (policy: PolicyDefinition): WithProblem<PolicyInfo> => {
    const { kind: _, ...info } = policy;
    return withProblem(info, policies.problem(policy));
  };
  const infoOf = (vhost: Vhost): VhostInfo => ({ ...vhostInfo(vhost), ...vhostTraffic(vhost, listener.connections) });

  return {
    async listVhostInfos(actor) {
      const who = actorAs('management', actor);
      return [...broker.vhosts.values()].filter(({ name }) => who.maySee(name)).map(infoOf);
    },

    async vhost(actor, name) {
      const who = actorAs('management', actor);
      const vhost = vhostCommands.vhost(name);
      if (!who.maySee(name)) throw new EngineError('ACCESS_REFUSED', 'User not authorised to access virtual host');
      return infoOf(vhost);
    },

    async putVhost(actor, vhost) {
      actorAs('administrator', actor);
      const { created } = await vhostCommands.put(vhost);
      // As with RabbitMQ: who makes a vhost may use it.
      if (created)
        await accounts.putPermission({ user: actor.user, vhost: vhost.name, configure: '.*', write: '.*', read: '.*' });
      return { created };
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
      return [...broker.users.values()].flatMap((user) =>
        user.permissionList.map((permission) => withProblem(permission, user.permissionProblem(permission.vhost))),
      );
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
      return [...broker.users.values()].flatMap((user) =>
        user.topicPermissionList.map((topic) => withProblem(topic, user.topicProblem(topic.vhost, topic.exchange))),
      );
    },

    async putTopicPermission(actor, permission) {
      actorAs('administrator', actor);
      return accounts.putTopicPermission(permission);
    },

    async deleteTopicPermissions(actor, vhost, user, exchange) {
      actorAs('administrator', actor);
      await accounts.deleteTopicPermissions(vhost, user, exchange);
    },

    async listPolicies(actor, kind) {
      const who = actorAs('management', actor);
      return policies
        .list(kind)
        .filter(({ vhost }) => who.maySee(vhost))
        .map(policyInfo);
    },

    async policy(actor, kind, vhost, name) {
      const who = actorAs('management', actor);
      if (!who.maySee(vhost)) throw new EngineError('ACCESS_REFUSED', 'User not authorised to access virtual host');
      return policyInfo(policies.policy(kind, vhost, name));
    },

    async putPolicy(actor, kind, policy) {
      requirePolicymaker(actor, kind, policy.vhost);
      return policies.put({ ...policy, kind });
    },

    async deletePolicy(actor, kind, vhost, name) {
      requirePolicymaker(actor, kind, vhost);
      await policies.delete(kind, vhost, name);
    },

    async putVhostLimit(actor, vhost, name, value) {
      actorAs('administrator', actor);
      await vhostCommands.putLimit(vhost, name, value);
    },

    async deleteVhostLimit(actor, vhost, name) {
      actorAs('administrator', actor);
      await vhostCommands.deleteLimit(vhost, name);
    },

    async putUserLimit(actor, user, name, value) {
      actorAs('administrator', actor);
      await accounts.putLimit(user, name, value);
    },

    async deleteUserLimit(actor, user, name) {
      actorAs('administrator', actor);
      await accounts.deleteLimit(user, name);
    },

    async listParameters(actor) {
      const who = actorAs('policymaker', actor);
      return parameters.list().filter(({ vhost }) => who.maySee(vhost));
    },

    async putParameter(actor, parameter) {
      // All components that there are limit what others may do.
      actorAs('administrator', actor);
      return parameters.put(parameter);
    },

    async deleteParameter(actor, component, vhost, name) {
      actorAs('administrator', actor);
      await parameters.delete(component, vhost, name);
    },

    async listGlobalParameters(actor) {
      actorAs('policymaker', actor);
      return parameters.listGlobal();
    },

    async putGlobalParameter(actor, name, value) {
      actorAs('policymaker', actor);
      return parameters.putGlobal(name, value);
    },

    async deleteGlobalParameter(actor, name) {
      actorAs('policymaker', actor);
      await parameters.deleteGlobal(name);
    },

    async resetLogins(actor) {
      actorAs('administrator', actor);
      broker.logins.reset();
    },
  };
}

function vhostInfo(vhost: Vhost): Omit<VhostInfo, keyof ReturnType<typeof vhostTraffic>> {
  let ready = 0;
  let unacked = 0;
  for (const queue of vhost.queues.values()) {
    ready += queue.readyCount;
    unacked += queue.unackedCount;
  }
  return { ...vhost.definition, tracing: vhost.firehose !== null, ready, unacked, connections: vhost.connectionCount };
}

function withProblem<T extends object>(thing: T, patternProblem: string | null): WithProblem<T> {
  return { ...thing, ...(patternProblem !== null && { patternProblem }) };
}

function userInfo(user: User): UserInfo {
  return { ...user.definition };
}
