/** Whose rights a command has: those that its actor has at that moment, whatever was so when it was sent. */
import type { Broker } from '../../broker/broker.ts';
import type { User } from '../../broker/permissions/user.ts';
import type { Role } from '../../users/role.ts';
import type { Actor } from '../actor.ts';
import { EngineError } from '../errors.ts';

/** Throws ACCESS_REFUSED for a user that is gone. */
export function userOf({ users }: Broker, { user }: Actor): User {
  const found = users.get(user);
  if (!found) throw new EngineError('ACCESS_REFUSED', `user '${user}' does not exist`);
  return found;
}

/** As `userOf`; throws ACCESS_REFUSED in RabbitMQ's words for one who has not the role. */
export function userAs(role: Role, broker: Broker, actor: Actor): User {
  const found = userOf(broker, actor);
  found.requireRole(role);
  return found;
}
