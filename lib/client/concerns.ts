/** Which queries a change concerns, whoever made it: this page, another, or a client of the broker. */
import type { QueryClient } from '@tanstack/react-query';
import type { ObjectChange } from '../engine/object-change.ts';

/** `messages` of queues come and go without a change that is told. */
export type Changed = ObjectChange['kind'] | 'messages' | 'session';

/** First parts of query keys. */
const CONCERNED: Record<Changed, readonly string[]> = {
  queue: ['queues', 'overview', 'exchanges', 'dead-letters', 'bindings', 'route'],
  exchange: ['exchanges', 'overview', 'bindings', 'route'],
  binding: ['exchanges', 'queues', 'bindings', 'route'],
  policy: ['queues', 'exchanges'],
  vhost: ['vhosts', 'queues', 'exchanges', 'overview', 'dead-letters'],
  connection: ['overview'],
  alarm: ['overview'],
  messages: ['messages', 'queues', 'overview', 'exchanges', 'dead-letters'],
  session: ['sessions'],
};

/** Queries whose answers grow by a row with everything that somebody does. */
const ACTS = ['activity', 'audit'];

export function concernedBy(changed: Changed): readonly string[] {
  return CONCERNED[changed];
}

/** After an act of this page. Resolves when what is shown of it is there anew. */
export async function renew(client: QueryClient, changed: Changed): Promise<void> {
  await Promise.all([...CONCERNED[changed], ...ACTS].map((key) => client.invalidateQueries({ queryKey: [key] })));
}
