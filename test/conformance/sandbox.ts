/** Objects that requests may do anything to: in the vhosts `own` and `other`, and the user `victim`. */
import { type Answer, askApi } from './api-client.ts';
import type { TestBroker } from './broker.ts';

/** The values of the names in paths; ':vhost' is chosen by who asks. */
export const SANDBOX_NAMES: Readonly<Record<string, string>> = {
  user: 'victim',
  name: 'thing',
  source: 'thing',
  destination: 'thing',
  exchange: 'thing',
  props: '~',
  component: 'vhost-limits',
};

const EVERYTHING = { configure: '.*', write: '.*', read: '.*' };

/** A body that does something, by what the audit calls the request. */
export const SANDBOX_BODIES: Readonly<Record<string, object>> = {
  'exchange.declare': { type: 'fanout' },
  'queue.action': { action: 'sync' },
  'message.get': { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' },
  'message.publish': { routing_key: 'k', properties: {}, payload: 'p', payload_encoding: 'string' },
  'policy.put': { pattern: '^nothing$', definition: { 'max-length': 5 } },
  'operator-policy.put': { pattern: '^nothing$', definition: { 'max-length': 5 } },
  'parameter.put': { value: { 'max-queues': 100 } },
  'global-parameter.put': { value: 'anything' },
  'permission.put': EVERYTHING,
  'topic-permission.put': { exchange: 'amq.topic', write: '.*', read: '.*' },
  'vhost-limit.put': { value: 100 },
  'user-limit.put': { value: 100 },
  'user.put': { tags: '' },
  'user.delete-many': { users: ['victim'] },
  'cluster.rename': { name: 'another' },
};

/** Makes what is not there, or not there any more. `users` may enter `own` alone. */
export async function fillSandbox(broker: TestBroker, users: readonly string[] = []): Promise<void> {
  const ask = (method: string, path: string, body?: unknown): Promise<Answer> => askApi(broker, method, path, body);
  await ask('PUT', '/users/victim', { password: 'p', tags: '' });
  await Promise.all(['own', 'other'].map((vhost) => fillVhost(ask, vhost)));
  await Promise.all(users.map((user) => ask('PUT', `/permissions/own/${user}`, EVERYTHING)));
}

async function fillVhost(ask: (method: string, path: string, body?: unknown) => Promise<Answer>, vhost: string) {
  await ask('PUT', `/vhosts/${vhost}`);
  await ask('DELETE', `/vhosts/${vhost}/deletion/protection`);
  await Promise.all([
    ask('PUT', `/permissions/${vhost}/guest`, EVERYTHING),
    ask('PUT', `/permissions/${vhost}/victim`, EVERYTHING),
    ask('PUT', `/queues/${vhost}/thing`),
    ask('PUT', `/exchanges/${vhost}/thing`, { type: 'fanout' }),
    ask('PUT', `/policies/${vhost}/thing`, { pattern: '^nothing$', definition: { 'max-length': 5 } }),
  ]);
  for (const type of ['q', 'e']) await ask('POST', `/bindings/${vhost}/e/thing/${type}/thing`, {});
}
