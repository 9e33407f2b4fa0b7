/** The types of queue that there are, and what makes one of each. */
import type { FieldTable } from '../amqp/field-table.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import { Queue, type QueueIdentity, type QueueSurroundings } from './queue.ts';
import type { QueueOptions, QueueType } from './queue-arguments.ts';
import { QuorumQueue } from './quorum-queue.ts';
import { resourceText } from './resource.ts';

type QueueMaker = new (
  around: QueueSurroundings,
  identity: QueueIdentity,
  args: FieldTable,
  options: QueueOptions,
) => Queue;

const MAKERS: Readonly<Partial<Record<QueueType, QueueMaker>>> = { classic: Queue, quorum: QuorumQueue };

/** A queue of the type that its options name. */
export function makeQueue(
  around: QueueSurroundings,
  identity: QueueIdentity,
  args: FieldTable,
  options: QueueOptions,
): Queue {
  const Maker = MAKERS[options.type];
  if (Maker) return new Maker(around, identity, args, options);
  const where = resourceText('queue', identity.name, identity.vhost);
  const text = `invalid arg 'x-queue-type' for ${where}: "queue type '${options.type}' is not available on this broker"`;
  throw new AmqpError('PRECONDITION_FAILED', text);
}
