/**
 * Users, and what each may do where. The only place that answers "may this user".
 * Patterns are unanchored regular expressions; an empty one matches nothing.
 */
import { AmqpError } from '../amqp/reply-code.ts';
import type { PermissionDefinition, UserDefinition } from './ports.ts';
import { resourceText } from './resource.ts';

export type Access = 'configure' | 'write' | 'read';

interface Patterns {
  definition: PermissionDefinition;
  configure: RegExp | null;
  write: RegExp | null;
  read: RegExp | null;
}

export class User {
  readonly definition: UserDefinition;
  private readonly permissions = new Map<string, Patterns>();

  constructor(definition: UserDefinition) {
    this.definition = definition;
  }

  get name(): string {
    return this.definition.name;
  }

  hasTag(tag: string): boolean {
    return this.definition.tags.includes(tag);
  }

  /** Throws PRECONDITION_FAILED when a pattern is no regular expression. */
  permit(definition: PermissionDefinition): void {
    this.permissions.set(definition.vhost, {
      definition,
      configure: compile(definition.configure),
      write: compile(definition.write),
      read: compile(definition.read),
    });
  }

  forbid(vhost: string): void {
    this.permissions.delete(vhost);
  }

  mayEnter(vhost: string): boolean {
    return this.permissions.has(vhost);
  }

  may(access: Access, vhost: string, name: string): boolean {
    return this.permissions.get(vhost)?.[access]?.test(name) ?? false;
  }

  /** Throws ACCESS_REFUSED unless the user has that access to the queue or exchange. */
  require(access: Access, kind: 'queue' | 'exchange', vhost: string, name: string): void {
    if (this.may(access, vhost, kind === 'exchange' && name === '' ? 'amq.default' : name)) return;
    throw new AmqpError(
      'ACCESS_REFUSED',
      `${access} access to ${resourceText(kind, name, vhost)} refused for user '${this.name}'`,
    );
  }
}

function compile(pattern: string): RegExp | null {
  if (pattern === '') return null;
  // RabbitMQ's expressions may escape any character, such as \- and \_; with the flag u only few may be.
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {}
  }
  throw new AmqpError('PRECONDITION_FAILED', `invalid regular expression '${pattern}'`);
}
