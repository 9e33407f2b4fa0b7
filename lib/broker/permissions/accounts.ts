/**
 * The commands that change users and what they may do. Memory changes first; what was put is taken back when the store
 * fails, what was deleted is not. Sessions hold the same User objects, so what changes holds for them at once.
 */
import { AmqpError } from '../../amqp/reply-code.ts';
import { patternError } from '../../pattern/pattern.ts';
import { DEFAULT_HASHING_ALGORITHM, HASHING_ALGORITHMS, isHashingAlgorithm } from '../../users/hashing-algorithm.ts';
import { type DefinitionLog, store } from '../definition-log.ts';
import { InvalidSetting } from '../invalid-setting.ts';
import { LIMITS } from '../limits.ts';
import { checkName } from '../name.ts';
import type {
  DefinitionChange,
  JsonValue,
  Limits,
  PermissionDefinition,
  TopicPermissionDefinition,
  UserDefinition,
} from '../ports.ts';
import { checkLimits, USER_LIMITS } from '../vhosts/quota.ts';
import type { Vhost } from '../vhosts/vhost.ts';
import { User } from './user.ts';

export interface AccountsOptions {
  users: Map<string, User>;
  vhosts: Map<string, Vhost>;
  log: DefinitionLog;
  hashPassword: (password: string) => Pick<UserDefinition, 'passwordHash' | 'hashingAlgorithm'>;
  /** A user is gone: its connections have to go. */
  deleted: (user: User) => void;
}

/** Neither password nor hash: no login by password. */
export interface UserWishes {
  name: string;
  tags: string[];
  password?: string;
  passwordHash?: string;
  hashingAlgorithm?: UserDefinition['hashingAlgorithm'];
}

export class Accounts {
  private readonly options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.options = options;
  }

  /** Throws NOT_FOUND. */
  user(name: string): User {
    const user = this.options.users.get(name);
    if (!user) throw new AmqpError('NOT_FOUND', `no user '${name}'`);
    return user;
  }

  async putUser(wishes: UserWishes): Promise<{ created: boolean }> {
    const { users, log } = this.options;
    const { name, tags } = wishes;
    checkName('user', name);
    if (tags.length > LIMITS.tagsMax) throw new InvalidSetting(`more than ${LIMITS.tagsMax} tags`);
    const existing = users.get(name);
    const value = {
      name,
      tags: [...new Set(tags)],
      limits: existing?.definition.limits ?? {},
      ...this.secretOf(wishes),
    };
    if (existing) {
      const before = existing.definition;
      existing.definition = value;
      await store(log, [{ put: 'user', value }], () => {
        existing.definition = before;
      });
      return { created: false };
    }
    users.set(name, new User(value));
    await store(log, [{ put: 'user', value }], () => void users.delete(name));
    return { created: true };
  }

  /** Throws InvalidSetting for what is no limit. */
  async putLimit(name: string, limit: string, value: JsonValue): Promise<void> {
    const checked = checkLimits(USER_LIMITS, 'user-limits', { [limit]: value });
    await this.changeLimits(name, (limits) => ({ ...limits, ...checked }));
  }

  /** Takes a limit back; a limit that is not there is fine. */
  async deleteLimit(name: string, limit: string): Promise<void> {
    await this.changeLimits(name, ({ [limit]: _, ...rest }) => rest);
  }

  async deleteUser(name: string): Promise<void> {
    const user = this.user(name);
    this.options.users.delete(name);
    this.options.deleted(user);
    const permissions = user.permissionList.map(({ vhost }) => permissionDeleted(name, vhost));
    const topics = user.topicPermissionList.map(({ vhost, exchange }) => topicDeleted(name, vhost, exchange));
    await store(this.options.log, [{ delete: 'user', key: { name } }, ...permissions, ...topics]);
  }

  /** Throws InvalidSetting for a pattern that cannot be used, unless `takesAnyPattern`. */
  async putPermission(value: PermissionDefinition, takesAnyPattern = false): Promise<{ created: boolean }> {
    const user = this.user(value.user);
    const vhost = this.vhost(value.vhost);
    if (!takesAnyPattern) checkPatterns(value.configure, value.write, value.read);
    const before = user.permission(value.vhost);
    user.permit(value);
    vhost.version++;
    await store(this.options.log, [{ put: 'permission', value }], () => {
      if (before) user.permit(before);
      else user.forbid(value.vhost);
      vhost.version++;
    });
    return { created: before === undefined };
  }

  async deletePermission(vhostName: string, userName: string): Promise<void> {
    const user = this.user(userName);
    const vhost = this.vhost(vhostName);
    if (!user.mayEnter(vhostName)) throw new AmqpError('NOT_FOUND', `user '${userName}' has no permissions there`);
    user.forbid(vhostName);
    vhost.version++;
    await store(this.options.log, [permissionDeleted(userName, vhostName)]);
  }

  /** As `putPermission`. */
  async putTopicPermission(value: TopicPermissionDefinition, takesAnyPattern = false): Promise<{ created: boolean }> {
    const user = this.user(value.user);
    const vhost = this.vhost(value.vhost);
    if (!takesAnyPattern) {
      // As they are written first: so it is their own text that a refusal shows.
      checkPatterns(value.write, value.read);
      checkPatterns(user.expand(value.write, vhost.name), user.expand(value.read, vhost.name));
    }
    const before = user.topicPermission(value.vhost, value.exchange);
    user.permitTopic(value);
    vhost.version++;
    await store(this.options.log, [{ put: 'topic-permission', value }], () => {
      if (before) user.permitTopic(before);
      else user.forbidTopic(value.vhost, value.exchange);
      vhost.version++;
    });
    return { created: before === undefined };
  }

  /** Deletes the topic permissions for one exchange, or for all of the vhost; none is fine. */
  async deleteTopicPermissions(vhostName: string, userName: string, exchange?: string): Promise<void> {
    const user = this.user(userName);
    const vhost = this.vhost(vhostName);
    const ended = user.topicPermissionList.filter(
      (one) => one.vhost === vhostName && (exchange === undefined || one.exchange === exchange),
    );
    for (const one of ended) user.forbidTopic(vhostName, one.exchange);
    vhost.version++;
    await store(
      this.options.log,
      ended.map((one) => topicDeleted(userName, vhostName, one.exchange)),
    );
  }

  /** A vhost goes: nobody may anything there. Returns what is to be forgotten. */
  forgetVhost(vhost: string): DefinitionChange[] {
    const changes: DefinitionChange[] = [];
    for (const user of this.options.users.values()) {
      if (user.mayEnter(vhost)) changes.push(permissionDeleted(user.name, vhost));
      user.forbid(vhost);
      for (const topic of user.topicPermissionList) {
        if (topic.vhost !== vhost) continue;
        user.forbidTopic(vhost, topic.exchange);
        changes.push(topicDeleted(user.name, vhost, topic.exchange));
      }
    }
    return changes;
  }

  private async changeLimits(name: string, change: (limits: Limits) => Limits): Promise<void> {
    const user = this.user(name);
    const before = user.definition;
    const value = { ...before, limits: change(before.limits) };
    user.definition = value;
    await store(this.options.log, [{ put: 'user', value }], () => {
      user.definition = before;
    });
  }

  private vhost(name: string): Vhost {
    const vhost = this.options.vhosts.get(name);
    if (!vhost) throw new AmqpError('NOT_FOUND', `vhost '${name}' not found`);
    return vhost;
  }

  private secretOf(wishes: UserWishes): Pick<UserDefinition, 'passwordHash' | 'hashingAlgorithm'> {
    const { password, passwordHash, hashingAlgorithm = DEFAULT_HASHING_ALGORITHM } = wishes;
    if (password !== undefined && passwordHash !== undefined) {
      throw new InvalidSetting('both_password_and_password_hash_are_provided');
    }
    if (password !== undefined) return this.options.hashPassword(password);
    if (
      passwordHash !== undefined &&
      !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(passwordHash)
    ) {
      throw new InvalidSetting('password_hash is not base64');
    }
    if (!isHashingAlgorithm(hashingAlgorithm)) {
      throw new InvalidSetting(`hashing_algorithm is none of ${HASHING_ALGORITHMS.join(', ')}`);
    }
    return { passwordHash: passwordHash ?? '', hashingAlgorithm };
  }
}

function checkPatterns(...patterns: string[]): void {
  for (const pattern of patterns) {
    const error = pattern === '' ? null : patternError(pattern);
    if (error !== null) throw new InvalidSetting(`invalid regular expression '${pattern}': ${error.message}`);
  }
}

function permissionDeleted(user: string, vhost: string): DefinitionChange {
  return { delete: 'permission', key: { user, vhost } };
}

function topicDeleted(user: string, vhost: string, exchange: string): DefinitionChange {
  return { delete: 'topic-permission', key: { user, vhost, exchange } };
}
