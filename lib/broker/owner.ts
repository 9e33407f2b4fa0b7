import type { Queue } from './queue.ts';
import type { User } from './user.ts';
import type { Vhost } from './vhost.ts';

/** A connection as the broker sees it: what may own exclusive queues. */
export class Owner {
  /** Of the connection. */
  readonly name: string;
  readonly exclusiveQueues = new Set<Queue>();
  /** Whose connection it is and where it counts; null: it has entered no vhost. */
  place: { user: User; vhost: Vhost } | null = null;

  constructor(name = '') {
    this.name = name;
  }
}
