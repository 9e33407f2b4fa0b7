/** Everything that the audit knows somebody can do: one row an action. Pure: the browser has it too. */

interface ActionFacts {
  /** How a sentence says it, between the name of who did it and the name of what it was done to. */
  words: string;
  /** Fields of its input, or of what it changes, that the audit must not keep, beside those whose names say so. */
  secrets?: readonly string[];
}

/** By noun and verb. */
export const ACTIONS = {
  'session.sign-in': { words: 'signed in', secrets: ['password'] },
  'session.revoke': { words: 'signed out' },
  'queue.declare': { words: 'declared queue' },
  'queue.delete': { words: 'deleted queue' },
  'queue.purge': { words: 'purged queue' },
  'queue.pause': { words: 'paused queue' },
  'queue.resume': { words: 'resumed queue' },
  'queue.action': { words: 'asked for an action on queue' },
  'queues.rebalance': { words: 'rebalanced the queues' },
  'replica.add': { words: 'added a replica of queue' },
  'replica.delete': { words: 'deleted a replica of queue' },
  'replica.grow': { words: 'added replicas of queues on node' },
  'replica.shrink': { words: 'deleted replicas of queues on node' },
  'exchange.declare': { words: 'declared exchange' },
  'exchange.delete': { words: 'deleted exchange' },
  'binding.add': { words: 'bound exchange' },
  'binding.remove': { words: 'unbound exchange' },
  'message.publish': { words: 'published to exchange', secrets: ['body', 'properties'] },
  'message.list': { words: 'looked at messages of queue' },
  'message.read': { words: 'read a message of queue' },
  'message.get': { words: 'took or looked at messages of queue' },
  'dead-letter.replay': { words: 'replayed dead letters of' },
  'connection.close': { words: 'closed connection' },
  'connection.close-all': { words: 'closed all connections of' },
  'vhost.put': { words: 'changed vhost' },
  'vhost.delete': { words: 'deleted vhost' },
  'vhost.protect': { words: 'protected vhost' },
  'vhost.unprotect': { words: 'took the protection from vhost' },
  'vhost.start': { words: 'started vhost' },
  'user.put': { words: 'changed user', secrets: ['password', 'passwordHash', 'hashingAlgorithm'] },
  'user.delete': { words: 'deleted user' },
  'user.delete-many': { words: 'deleted several users' },
  'permission.put': { words: 'changed the permissions of' },
  'permission.delete': { words: 'took the permissions of' },
  'topic-permission.put': { words: 'changed the topic permissions of' },
  'topic-permission.delete': { words: 'took the topic permissions of' },
  'policy.put': { words: 'changed policy' },
  'policy.delete': { words: 'deleted policy' },
  'operator-policy.put': { words: 'changed operator policy' },
  'operator-policy.delete': { words: 'deleted operator policy' },
  'parameter.put': { words: 'changed parameter' },
  'parameter.delete': { words: 'deleted parameter' },
  'global-parameter.put': { words: 'changed global parameter' },
  'global-parameter.delete': { words: 'deleted global parameter' },
  'vhost-limit.put': { words: 'set limit' },
  'vhost-limit.delete': { words: 'lifted limit' },
  'user-limit.put': { words: 'set a limit of' },
  'user-limit.delete': { words: 'lifted a limit of' },
  'definitions.import': { words: 'imported definitions' },
  'audit.export': { words: 'exported the audit as' },
  'cluster.rename': { words: 'renamed the cluster' },
  'feature-flag.enable': { words: 'enabled feature flag' },
  'logins.reset': { words: 'reset the counts of logins' },
  'statistics.reset': { words: 'reset the statistics' },
} as const satisfies Record<string, ActionFacts>;

export type Action = keyof typeof ACTIONS;

const FACTS: Partial<Record<string, ActionFacts>> = ACTIONS;

/** How a sentence says an act that is kept; what an older Warren called by another name is said by that. */
export function actWords(action: string, outcome: string): string {
  // Whoever was refused has not signed in.
  if (action === 'session.sign-in' && outcome !== 'ok') return 'was refused to sign in';
  return FACTS[action]?.words ?? action;
}

export function secretsOf(action: Action): readonly string[] {
  return FACTS[action]?.secrets ?? [];
}
