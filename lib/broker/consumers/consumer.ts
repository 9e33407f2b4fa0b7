import type { FieldTable } from '../../amqp/field-table.ts';
import type { Message } from '../messages/message.ts';
import type { Queue } from '../queues/queue.ts';

/** Where a consumer's deliveries go: the channel it was made on. */
export interface DeliverySink {
  /** False while the connection's outgoing buffer is full or the channel's own prefetch is used up for that consumer. */
  hasRoom(consumer: Consumer): boolean;
  /** Sends one delivery. `ticket` is -1 when no acknowledgement is awaited. The message is valid only during the call. */
  deliver(consumer: Consumer, message: Message, ticket: number, redelivered: boolean): void;
  /** The queue is gone, and the consumer with it. */
  cancelled(consumer: Consumer): void;
  /** For people: who and where. */
  describe(): { channel: string; connectionName: string | null; user: string };
}

/** One basic.consume. Prefetch counts what this consumer has not settled. */
export class Consumer {
  readonly queue: Queue;
  readonly tag: string;
  readonly sink: DeliverySink;
  readonly noAck: boolean;
  readonly exclusive: boolean;
  readonly priority: number;
  /** 0: unlimited. */
  readonly prefetch: number;
  readonly arguments: FieldTable;
  unackedCount = 0;
  /** False once the consumer was cancelled: what it has not settled may still be settled, but it gets nothing more. */
  subscribed = false;
  /** When the queue last found that this consumer could take nothing: larger is later. */
  shutAt = 0;
  /** Bytes that every delivery to this consumer starts with; the sink's own. */
  prefix: Buffer | null = null;

  constructor(
    queue: Queue,
    sink: DeliverySink,
    options: {
      tag: string;
      noAck: boolean;
      exclusive: boolean;
      priority: number;
      prefetch: number;
      arguments: FieldTable;
    },
  ) {
    this.queue = queue;
    this.sink = sink;
    this.tag = options.tag;
    this.noAck = options.noAck;
    this.exclusive = options.exclusive;
    this.priority = options.priority;
    this.prefetch = options.prefetch;
    this.arguments = options.arguments;
  }

  canTake(): boolean {
    return (this.noAck || this.prefetch === 0 || this.unackedCount < this.prefetch) && this.sink.hasRoom(this);
  }
}
