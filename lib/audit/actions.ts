/** Everything that the audit knows somebody can do: one row an action. Pure: the browser has it too. */

/** By noun and verb: how a sentence says it, between the name of who did it and the name of what it was done to. */
export const ACTIONS = {
  'session.sign-in': 'signed in',
  'session.revoke': 'signed out',
  'queue.declare': 'declared queue',
  'queue.delete': 'deleted queue',
  'queue.purge': 'purged queue',
  'queue.pause': 'paused queue',
  'queue.resume': 'resumed queue',
  'queue.action': 'asked for an action on queue',
  'queues.rebalance': 'rebalanced the queues',
  'replica.add': 'added a replica of queue',
  'replica.delete': 'deleted a replica of queue',
  'replica.grow': 'added replicas of queues on node',
  'replica.shrink': 'deleted replicas of queues on node',
  'exchange.declare': 'declared exchange',
  'exchange.delete': 'deleted exchange',
  'binding.add': 'bound exchange',
  'binding.remove': 'unbound exchange',
  'message.publish': 'published to exchange',
  'message.list': 'looked at messages of queue',
  'message.read': 'read a message of queue',
  'message.get': 'took or looked at messages of queue',
  'dead-letter.replay': 'replayed dead letters of',
  'connection.close': 'closed connection',
  'connection.close-all': 'closed all connections of',
  'vhost.put': 'changed vhost',
  'vhost.delete': 'deleted vhost',
  'vhost.protect': 'protected vhost',
  'vhost.unprotect': 'took the protection from vhost',
  'vhost.start': 'started vhost',
  'user.put': 'changed user',
  'user.delete': 'deleted user',
  'user.delete-many': 'deleted several users',
  'permission.put': 'changed the permissions of',
  'permission.delete': 'took the permissions of',
  'topic-permission.put': 'changed the topic permissions of',
  'topic-permission.delete': 'took the topic permissions of',
  'policy.put': 'changed policy',
  'policy.delete': 'deleted policy',
  'operator-policy.put': 'changed operator policy',
  'operator-policy.delete': 'deleted operator policy',
  'parameter.put': 'changed parameter',
  'parameter.delete': 'deleted parameter',
  'global-parameter.put': 'changed global parameter',
  'global-parameter.delete': 'deleted global parameter',
  'vhost-limit.put': 'set limit',
  'vhost-limit.delete': 'lifted limit',
  'user-limit.put': 'set a limit of',
  'user-limit.delete': 'lifted a limit of',
  'definitions.import': 'imported definitions',
  'audit.export': 'exported the audit as',
  'cluster.rename': 'renamed the cluster',
  'feature-flag.enable': 'enabled feature flag',
  'logins.reset': 'reset the counts of logins',
  'statistics.reset': 'reset the statistics',
} as const;

export type Action = keyof typeof ACTIONS;

const WORDS: Partial<Record<string, string>> = ACTIONS;

/** How a sentence says an act that is kept; what an older Warren called by another name is said by that. */
export function actWords(action: string, outcome: string): string {
  // Whoever was refused has not signed in.
  if (action === 'session.sign-in' && outcome !== 'ok') return 'was refused to sign in';
  return Object.hasOwn(WORDS, action) ? (WORDS[action] as string) : action;
}
