/** What a user's tags open, in RabbitMQ's roles: the one table for broker, console and management API. */

/** Each role has whoever has one of its tags. */
const ROLES = {
  /** Signs in, and sees the vhosts that the user may enter. */
  management: ['management', 'policymaker', 'monitoring', 'administrator'],
  /** Policies and parameters in those vhosts. */
  policymaker: ['policymaker', 'administrator'],
  /** Sees all vhosts, everybody's connections, and the node. */
  monitoring: ['monitoring', 'administrator'],
  /** Everything: users and who may what, vhosts, definitions, the audit. */
  administrator: ['administrator'],
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof ROLES;

/** RabbitMQ's words to somebody who does not have the role. */
export const ROLE_REFUSALS: Readonly<Record<Role, string>> = {
  management: 'Not management user',
  policymaker: 'User not authorised to access object',
  monitoring: 'Not monitor user',
  administrator: 'Not administrator user',
};

export function hasRole(tags: readonly string[], role: Role): boolean {
  return ROLES[role].some((tag) => tags.includes(tag));
}
