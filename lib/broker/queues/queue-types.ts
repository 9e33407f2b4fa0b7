/** The types of queue that there are, and what makes one of each. */
import type { FieldTable } from '../../amqp/field-table.ts';
import { DeduplicatingQueue } from './deduplicating-queue.ts';
import { Queue } from './queue.ts';
import type { QueueOptions, QueueType } from './queue-arguments.ts';
import type { QueueIdentity, QueueSurroundings } from './queue-surroundings.ts';
import { QuorumQueue } from './quorum-queue.ts';
import { StreamQueue } from './stream-queue.ts';

type QueueMaker = new (
  around: QueueSurroundings,
  identity: QueueIdentity,
  args: FieldTable,
  options: QueueOptions,
) => Queue;

const MAKERS: Readonly<Record<QueueType, QueueMaker>> = { classic: Queue, quorum: QuorumQueue, stream: StreamQueue };

/** A queue of the type that its options name. */
export function makeQueue(
  around: QueueSurroundings,
  identity: QueueIdentity,
  args: FieldTable,
  options: QueueOptions,
): Queue {
  const Maker = options.isDeduplicating ? DeduplicatingQueue : MAKERS[options.type];
  return new Maker(around, identity, args, options);
}
