/** What a tx channel has asked for since the last commit or rollback: publishes and settlements, in order. */
import { AmqpError } from '../amqp/reply-code.ts';
import { copyOf, type Message } from '../broker/messages/message.ts';
import { Outcome } from '../broker/publishing/publisher.ts';
import type { Route } from '../broker/publishing/route-cache.ts';
import type { Queue } from '../broker/queues/queue.ts';

interface Settlement {
  kind: 'ack' | 'reject' | 'requeue';
  tag: number;
  multiple: boolean;
}

/** What a commit does to its channel. */
interface Committing {
  publishKept(route: Route, message: Message, mandatory: boolean, queues: Queue[] | null): Outcome;
  settle(kind: Settlement['kind'], tag: number, multiple: boolean): void;
  /** The deliveries that are not settled. */
  readonly unacked: { has(tag: number): boolean };
}

export class Transaction {
  private publishes: { route: Route; message: Message; mandatory: boolean; queues: Queue[] | null }[] = [];
  private settlements: Settlement[] = [];

  /** Keeps a copy: the message is the socket's. `queues` are where it goes; null: that is seen at the commit. */
  addPublish(route: Route, message: Message, mandatory: boolean, queues: Queue[] | null): void {
    this.publishes.push({ route, message: copyOf(message), mandatory, queues });
  }

  addSettlement(kind: Settlement['kind'], tag: number, multiple: boolean): void {
    this.settlements.push({ kind, tag, multiple });
  }

  get publishCount(): number {
    return this.publishes.length;
  }

  /** True when the tag is settled already, in this transaction. */
  hasSettled(tag: number): boolean {
    return this.settlements.some((one) => (one.multiple ? tag <= one.tag : one.tag === tag));
  }

  /** Does all that was asked for; throws PRECONDITION_FAILED when a queue refused a message. The next transaction begins. */
  commit(channel: Committing): void {
    const { publishes, settlements } = this;
    this.rollback();
    let refused = false;
    for (const { route, message, mandatory, queues } of publishes) {
      if (channel.publishKept(route, message, mandatory, queues) === Outcome.refused) refused = true;
    }
    for (const { kind, tag, multiple } of settlements) {
      if (multiple || channel.unacked.has(tag)) channel.settle(kind, tag, multiple);
    }
    if (refused) throw new AmqpError('PRECONDITION_FAILED', 'partial tx completion');
  }

  /** Forgets all that was asked for; deliveries stay unacked. */
  rollback(): void {
    this.publishes = [];
    this.settlements = [];
  }
}
