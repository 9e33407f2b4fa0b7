import type { Queue } from './queue.ts';

/** A connection as the broker sees it: what may own exclusive queues. */
export class Owner {
  readonly exclusiveQueues = new Set<Queue>();
}
