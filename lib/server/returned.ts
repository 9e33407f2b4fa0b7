/**
 * What a channel gives back in one settlement, grouped as queues are told: what was got, one by one, then what each
 * consumer had, by consumer tag. A queue hands out one group before it hears of the next, so the grouping shows in the
 * order of deliveries and of dead letters, and in what a length limit drops. [rabbit: rabbit_channel foreach_per_queue]
 */
import type { Consumer } from '../broker/consumers/consumer.ts';
import type { Queue } from '../broker/queues/queue.ts';

interface Group {
  readonly queue: Queue;
  /** Null: got with basic.get. Of several that had the tag, one after the other, the last. */
  consumer: Consumer | null;
  /** The consumer tag, or the delivery tag of what was got. */
  readonly name: string;
  readonly tickets: number[];
}

export class Returned {
  private readonly groups: Group[] = [];
  private readonly byTag = new Map<Queue, Map<string, Group>>();

  /** Oldest delivery first. */
  add(queue: Queue, consumer: Consumer | null, ticket: number, deliveryTag: number): void {
    const known = consumer === null ? undefined : this.byTag.get(queue)?.get(consumer.tag);
    if (known) {
      known.tickets.push(ticket);
      known.consumer = consumer;
      return;
    }
    const group = { queue, consumer, name: consumer?.tag ?? String(deliveryTag), tickets: [ticket] };
    this.groups.push(group);
    if (consumer === null) return;
    const tags = this.byTag.get(queue);
    if (tags) tags.set(consumer.tag, group);
    else this.byTag.set(queue, new Map([[consumer.tag, group]]));
  }

  /** Puts all of it back, or lets it die. Who gave something back may get it again at once where `hasRoom` says so. */
  settle(requeue: boolean, hasRoom: (queue: Queue) => boolean): void {
    const { groups } = this;
    if (groups.length > 1) groups.sort(inOrder);
    for (const { queue, consumer, tickets } of groups) {
      if (consumer && hasRoom(queue)) queue.consumers.wake(consumer);
      if (requeue) queue.requeue(tickets);
      else for (const ticket of tickets) queue.reject(ticket);
    }
  }

  /**
   * Gives each queue all that it gets back at once, because the channel is gone. By consumer tag, and what was got goes
   * by its delivery tag as if that were one: for a quorum queue that is the order in which it comes back. [rabbit:
   * rabbit_fifo handle_down]
   */
  settleWhole(): void {
    const tickets = new Map<Queue, number[]>();
    const { groups } = this;
    if (groups.length > 1) groups.sort((a, b) => compare(a.name, b.name));
    for (const group of groups) {
      const known = tickets.get(group.queue);
      if (known) known.push(...group.tickets);
      else tickets.set(group.queue, [...group.tickets]);
    }
    for (const [queue, all] of tickets) queue.requeue(all);
  }
}

/** The sort is stable: what was got stays in the order of its delivery. */
function inOrder(a: Group, b: Group): number {
  const byQueue = compare(a.queue.name, b.queue.name);
  return byQueue !== 0 ? byQueue : compare(a.consumer?.tag ?? '', b.consumer?.tag ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
