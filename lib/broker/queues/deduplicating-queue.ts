/**
 * A classic queue that takes no message whose x-deduplication-header is that of a message in it, ready or unacked. The
 * duplicate is dropped as if it had been taken. [rabbit: message deduplication plugin]
 */
import type { FieldTable } from '../../amqp/field-table.ts';
import { DeduplicatedMessages } from '../messages/deduplicated-messages.ts';
import { deduplicationIdOf } from '../messages/deduplication.ts';
import type { Message } from '../messages/message.ts';
import { Queue } from './queue.ts';
import type { QueueOptions } from './queue-arguments.ts';
import type { QueueIdentity, QueueSurroundings } from './queue-surroundings.ts';

export class DeduplicatingQueue extends Queue {
  declare protected readonly ready: DeduplicatedMessages;

  constructor(around: QueueSurroundings, identity: QueueIdentity, args: FieldTable, options: QueueOptions) {
    const ready = new DeduplicatedMessages(around.store, identity.id, options.priorityMax, identity.durable);
    super(around, identity, args, options, ready);
  }

  override publish(message: Message): boolean {
    return (this.closedReason === null && this.isDuplicate(message)) || super.publish(message);
  }

  /** True when a message with the same id is in the queue. */
  isDuplicate(message: Message): boolean {
    const id = deduplicationIdOf(message);
    return id !== null && this.ready.holds(id);
  }
}
