/** The one place that asks whether somebody has the role that an act needs: the rights of this moment count, kept ones never. */
import type { Actor, Identities, Identity } from '../engine/actor.ts';
import { hasRole, type Role } from '../users/role.ts';
import { Refusal } from '../web/refusal.ts';

/** A refusal to somebody who does not have the role; each API words it in its own way. */
export class RoleRefusal extends Refusal {
  readonly role: Role;

  constructor(user: string, role: Role) {
    super('NOT_PERMITTED', `User '${user}' needs the tag ${role}.`);
    this.role = role;
  }
}

/** Null: the user has the role. As with RabbitMQ, whoever may not come in at all hears of that first. */
export function roleRefusal({ user, tags }: Pick<Identity, 'user' | 'tags'>, role: Role): RoleRefusal | null {
  const missing = (['management', role] as const).find((one) => !hasRole(tags, one));
  return missing === undefined ? null : new RoleRefusal(user, missing);
}

/** Null: the actor has the role now. Whoever acts for a user has what that user has; who is gone has nothing. */
export async function roleRefusalNow(
  engine: Pick<Identities, 'identity'>,
  { user }: Actor,
  role: Role,
): Promise<RoleRefusal | null> {
  return roleRefusal((await engine.identity(user)) ?? { user, tags: [] }, role);
}

/** The role that was missing; undefined: it was something else that was refused. */
export function missingRole(error: unknown): Role | undefined {
  return error instanceof Error && error.name === 'Refusal' && 'role' in error ? (error.role as Role) : undefined;
}
