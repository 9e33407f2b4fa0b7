import { Consumer, type DeliverySink } from '../../../lib/broker/consumers/consumer.ts';
import type { Message } from '../../../lib/broker/messages/message.ts';
import type { Queue } from '../../../lib/broker/queues/queue.ts';
import { bodyOf } from './sample-message.ts';

export interface Delivery {
  consumer: Consumer;
  body: string;
  ticket: number;
  redelivered: boolean;
}

/** A channel that only takes notes. Like a channel it counts what each consumer has not settled. */
export class RecordingSink implements DeliverySink {
  readonly deliveries: Delivery[] = [];
  readonly cancelledTags: string[] = [];
  room = true;

  hasRoom(): boolean {
    return this.room;
  }

  deliver(consumer: Consumer, message: Message, ticket: number, redelivered: boolean): void {
    if (!consumer.noAck) consumer.unackedCount++;
    this.deliveries.push({ consumer, body: bodyOf(message), ticket, redelivered });
  }

  cancelled(consumer: Consumer): void {
    this.cancelledTags.push(consumer.tag);
  }

  describe(): { channel: string; connectionName: string | null; user: string } {
    return { channel: '127.0.0.1:1 -> 127.0.0.1:5672 (1)', connectionName: null, user: 'guest' };
  }

  get bodies(): string[] {
    return this.deliveries.map((delivery) => delivery.body);
  }

  /** The delivery with that body that came last. */
  delivery(body: string): Delivery {
    const found = this.deliveries.findLast((delivery) => delivery.body === body);
    if (!found) throw new Error(`nothing was delivered with body '${body}'`);
    return found;
  }

  /** As a channel does after a settlement: the consumer has room again. */
  ack(body: string): void {
    const { consumer, ticket } = this.delivery(body);
    consumer.unackedCount--;
    consumer.queue.ack(ticket, Buffer.byteLength(body));
    consumer.queue.wake(consumer);
  }
}

type Wishes = Partial<Pick<Consumer, 'tag' | 'noAck' | 'exclusive' | 'priority' | 'prefetch' | 'arguments'>>;

/** A consumer that is subscribed and has been served what was ready. */
export function consume(queue: Queue, sink: RecordingSink, wishes: Wishes = {}): Consumer {
  const consumer = newConsumer(queue, sink, wishes);
  queue.subscribe(consumer);
  queue.dispatch();
  return consumer;
}

export function newConsumer(queue: Queue, sink: DeliverySink, wishes: Wishes = {}): Consumer {
  const defaults = { tag: 'c', noAck: false, exclusive: false, priority: 0, prefetch: 0, arguments: [] };
  return new Consumer(queue, sink, { ...defaults, ...wishes });
}
