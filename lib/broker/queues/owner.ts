import type { Queue } from './queue.ts';

/** A connection as the broker sees it: what may own exclusive queues. */
export class Owner {
  /** The connection's name. */
  readonly name: string;
  readonly exclusiveQueues = new Set<Queue>();

  constructor(name = '') {
    this.name = name;
  }
}
