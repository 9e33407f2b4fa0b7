/**
 * What one channel has delivered and not settled: delivery tag → queue, ticket, consumer. Tags ascend, so the
 * entries are a ring that starts at the oldest open tag; no object a message. Tags that await no ack leave gaps.
 * Invariant: `size` is the number of entries whose queue is not null.
 */

import type { Queue } from '../queues/queue.ts';
import type { Consumer } from './consumer.ts';

const START_CAPACITY = 16;

type Settle = (queue: Queue, ticket: number, consumer: Consumer | null, bodyBytes: number, tag: number) => void;

export class Unacked {
  size = 0;
  private queues: (Queue | null)[] = new Array(START_CAPACITY).fill(null);
  private consumers: (Consumer | null)[] = new Array(START_CAPACITY).fill(null);
  private tickets = new Float64Array(START_CAPACITY);
  private bodyBytes = new Float64Array(START_CAPACITY);
  /** Tag of the oldest entry; entries are for tags first … next - 1. */
  private first = 1;
  private next = 1;

  add(tag: number, queue: Queue, ticket: number, consumer: Consumer | null, bodyBytes: number): void {
    if (this.size === 0) {
      this.first = tag;
      this.next = tag;
    }
    while (tag - this.first >= this.queues.length) this.grow();
    const slot = tag & (this.queues.length - 1);
    this.queues[slot] = queue;
    this.consumers[slot] = consumer;
    this.tickets[slot] = ticket;
    this.bodyBytes[slot] = bodyBytes;
    this.next = tag + 1;
    this.size++;
  }

  has(tag: number): boolean {
    return tag >= this.first && tag < this.next && this.queues[tag & (this.queues.length - 1)] !== null;
  }

  /** The oldest delivery that waits; null when none does. */
  get oldest(): { tag: number; queue: Queue } | null {
    if (this.size === 0) return null;
    return { tag: this.first, queue: this.queues[this.first & (this.queues.length - 1)] as Queue };
  }

  /** How many tags of open deliveries match. */
  count(matches: (tag: number) => boolean): number {
    let count = 0;
    for (let tag = this.first; tag < this.next; tag++) if (this.has(tag) && matches(tag)) count++;
    return count;
  }

  /** Takes one entry out. It must be there. */
  take(tag: number, settle: Settle): void {
    const slot = tag & (this.queues.length - 1);
    const queue = this.queues[slot] as Queue;
    const consumer = this.consumers[slot] as Consumer | null;
    const ticket = this.tickets[slot] as number;
    const bodyBytes = this.bodyBytes[slot] as number;
    this.queues[slot] = null;
    this.consumers[slot] = null;
    this.size--;
    this.forward();
    settle(queue, ticket, consumer, bodyBytes, tag);
  }

  /** Takes out every entry up to `tag`, oldest first, but for those that `keep` names. */
  takeUpTo(tag: number, settle: Settle, keep?: (tag: number) => boolean): void {
    if (!keep) while (this.size > 0 && this.first <= tag) this.take(this.first, settle);
    else for (let at = this.first; at <= tag; at++) if (this.has(at) && !keep(at)) this.take(at, settle);
  }

  private forward(): void {
    if (this.size === 0) {
      this.first = this.next;
      return;
    }
    const mask = this.queues.length - 1;
    while (this.queues[this.first & mask] === null) this.first++;
  }

  private grow(): void {
    const { queues, consumers, tickets, bodyBytes } = this;
    const capacity = queues.length * 2;
    this.queues = new Array(capacity).fill(null);
    this.consumers = new Array(capacity).fill(null);
    this.tickets = new Float64Array(capacity);
    this.bodyBytes = new Float64Array(capacity);
    for (let tag = this.first; tag < this.next; tag++) {
      const from = tag & (queues.length - 1);
      const to = tag & (capacity - 1);
      this.queues[to] = queues[from] as Queue | null;
      this.consumers[to] = consumers[from] as Consumer | null;
      this.tickets[to] = tickets[from] as number;
      this.bodyBytes[to] = bodyBytes[from] as number;
    }
  }
}
