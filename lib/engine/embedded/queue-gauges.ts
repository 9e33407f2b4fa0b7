import type { Queue } from '../../broker/queues/queue.ts';
import { type GaugeName, sumOf, termsOf } from '../../figures/figure.ts';
import { QUEUE_FIGURES, type QueueCounters, type QueueFigure } from '../../figures/queue-figures.ts';
import type { Gauges } from './row-writer.ts';

/** Where each figure of a queue that is measured comes from. */
export const QUEUE_GAUGES: Gauges<Queue, GaugeName<typeof QUEUE_FIGURES>> = {
  ready: ({ readyCount }) => readyCount,
  unacked: ({ unackedCount }) => unackedCount,
  consumers: ({ consumers }) => consumers.all.length,
  readyBytes: ({ readyBytes }) => readyBytes,
  unackedBytes: ({ unackedBytes }) => unackedBytes,
  consumerCapacity: ({ consumers }) => consumers.capacity,
};

export function writeQueueCounters({ counters }: Queue, into: Float64Array, from: number): number {
  let at = from;
  for (const name in counters) into[at++] = counters[name as keyof QueueCounters];
  return at;
}

/** How any figure of a queue is read. */
export function queueFigure(name: QueueFigure): (queue: Queue) => number {
  const terms = termsOf(name, QUEUE_FIGURES[name]);
  return (queue) =>
    sumOf(terms, (one) =>
      Object.hasOwn(QUEUE_GAUGES, one)
        ? QUEUE_GAUGES[one as keyof typeof QUEUE_GAUGES](queue)
        : queue.counters[one as keyof QueueCounters],
    );
}
