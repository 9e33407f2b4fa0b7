/**
 * Users, and what each may do where. The only place that answers "may this user".
 * Patterns are unanchored regular expressions; an empty one matches nothing, and one that cannot be used grants nothing.
 * One object a user, as long as the user exists: sessions hold it, so that changes reach them.
 */
import { AmqpError } from '../../amqp/reply-code.ts';
import { escapePattern, keptPattern, type Pattern } from '../../pattern/pattern.ts';
import { hasRole, ROLE_REFUSALS, type Role } from '../../users/role.ts';
import type { PermissionDefinition, TopicPermissionDefinition, UserDefinition } from '../ports.ts';
import { resourceText } from '../resource.ts';

export type Access = 'configure' | 'write' | 'read';

/** Null: the pattern is empty. */
interface Patterns {
  definition: PermissionDefinition;
  configure: Pattern | null;
  write: Pattern | null;
  read: Pattern | null;
}

interface TopicPatterns {
  definition: TopicPermissionDefinition;
  write: Pattern | null;
  read: Pattern | null;
}

export class User {
  definition: UserDefinition;
  /** Connections and channels that this user has open. */
  connectionCount = 0;
  channelCount = 0;
  private readonly permissions = new Map<string, Patterns>();
  /** By vhost, then by exchange. */
  private readonly topics = new Map<string, Map<string, TopicPatterns>>();

  constructor(definition: UserDefinition) {
    this.definition = definition;
  }

  get name(): string {
    return this.definition.name;
  }

  get permissionList(): PermissionDefinition[] {
    return [...this.permissions.values()].map(({ definition }) => definition);
  }

  get topicPermissionList(): TopicPermissionDefinition[] {
    return [...this.topics.values()].flatMap((of) => [...of.values()].map(({ definition }) => definition));
  }

  hasTag(tag: string): boolean {
    return this.definition.tags.includes(tag);
  }

  hasRole(role: Role): boolean {
    return hasRole(this.definition.tags, role);
  }

  /** Throws ACCESS_REFUSED with RabbitMQ's words. */
  requireRole(role: Role): void {
    if (!this.hasRole(role)) throw new AmqpError('ACCESS_REFUSED', ROLE_REFUSALS[role]);
  }

  /** Patterns are checked where they are set; what is kept already is taken as it is. */
  permit(definition: PermissionDefinition): void {
    this.permissions.set(definition.vhost, {
      definition,
      configure: patternOf(definition.configure),
      write: patternOf(definition.write),
      read: patternOf(definition.read),
    });
  }

  forbid(vhost: string): void {
    this.permissions.delete(vhost);
  }

  permission(vhost: string): PermissionDefinition | undefined {
    return this.permissions.get(vhost)?.definition;
  }

  /** Why patterns of the permission cannot be used, and so grant nothing; null: all can. */
  permissionProblem(vhost: string): string | null {
    const { configure, write, read } = this.permissions.get(vhost) ?? {};
    return problemOf({ configure, write, read });
  }

  /** As `permit`. */
  permitTopic(definition: TopicPermissionDefinition): void {
    const { vhost, exchange } = definition;
    const patterns = {
      definition,
      write: patternOf(this.expand(definition.write, vhost)),
      read: patternOf(this.expand(definition.read, vhost)),
    };
    const of = this.topics.get(vhost);
    if (of) of.set(exchange, patterns);
    else this.topics.set(vhost, new Map([[exchange, patterns]]));
  }

  forbidTopic(vhost: string, exchange: string): void {
    const of = this.topics.get(vhost);
    of?.delete(exchange);
    if (of?.size === 0) this.topics.delete(vhost);
  }

  topicPermission(vhost: string, exchange: string): TopicPermissionDefinition | undefined {
    return this.topics.get(vhost)?.get(exchange)?.definition;
  }

  /** As `permissionProblem`. */
  topicProblem(vhost: string, exchange: string): string | null {
    const { write, read } = this.topics.get(vhost)?.get(exchange) ?? {};
    return problemOf({ write, read });
  }

  mayEnter(vhost: string): boolean {
    return this.permissions.has(vhost);
  }

  /** In management: whoever watches the whole broker sees all vhosts. */
  maySee(vhost: string): boolean {
    return this.hasRole('monitoring') || this.mayEnter(vhost);
  }

  may(access: Access, vhost: string, name: string): boolean {
    return this.permissions.get(vhost)?.[access]?.test(name) ?? false;
  }

  /** Throws ACCESS_REFUSED unless the user has that access to the queue or exchange. */
  require(access: Access, kind: 'queue' | 'exchange', vhost: string, name: string): void {
    const called = kind === 'exchange' && name === '' ? 'amq.default' : name;
    if (this.may(access, vhost, called)) return;
    throw new AmqpError(
      'ACCESS_REFUSED',
      `${access} access to ${resourceText(kind, called, vhost)} refused for user '${this.name}'`,
    );
  }

  /** Throws ACCESS_REFUSED where the user has a topic permission for the exchange and the key is not among its own. */
  requireTopic(access: 'write' | 'read', vhost: string, exchange: string, routingKey: string): void {
    const patterns = this.topics.get(vhost)?.get(exchange);
    if (patterns === undefined || patterns[access]?.test(routingKey)) return;
    const where = resourceText('exchange', exchange, vhost);
    throw new AmqpError(
      'ACCESS_REFUSED',
      // The doubled word is RabbitMQ's.
      `${access} access to topic '${routingKey}' in exchange ${where} refused for user '${this.name}'`,
    );
  }

  /**
   * The pattern of a topic permission with this user's name and the vhost's in it. `{client_id}` is for protocols that
   * have one: here it stays as it is and so matches no usual key.
   */
  expand(pattern: string, vhost: string): string {
    return pattern
      .replaceAll('{username}', escapePattern(this.name))
      .replaceAll('{vhost}', escapePattern(vhost))
      .replaceAll('{client_id}', '\\{client_id\\}');
  }
}

function patternOf(pattern: string): Pattern | null {
  return pattern === '' ? null : keptPattern(pattern);
}

function problemOf(patterns: Record<string, Pattern | null | undefined>): string | null {
  const problems = Object.entries(patterns).flatMap(([access, pattern]) =>
    pattern?.problem ? [`${access}: ${pattern.problem}`] : [],
  );
  return problems.length === 0 ? null : problems.join('; ');
}
