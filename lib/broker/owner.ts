import type { Queue } from './queue.ts';
import type { User } from './user.ts';
import type { Vhost } from './vhost.ts';

/** A connection as the broker sees it: what may own exclusive queues. */
export class Owner {
  /** The connection's name. */
  readonly name: string;
  readonly exclusiveQueues = new Set<Queue>();
  /** The user and the vhost that the connection counts for; null: it has entered none. */
  entered: { user: User; vhost: Vhost } | null = null;

  constructor(name = '') {
    this.name = name;
  }
}
