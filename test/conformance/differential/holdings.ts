/** What one channel of a client has: consumers, and deliveries that wait to be settled, or for the commit of what settled them. */
import type { MethodStep } from './step.ts';

interface Delivery {
  readonly deliveryTag: number;
  /** Empty: it is gone. */
  queue: string;
  /** Null: got with basic.get. */
  readonly consumerTag: string | null;
}

export class Holdings {
  /** The queue of each consumer, also of those that were cancelled: what came before may still be on its way. */
  readonly queueOf = new Map<string, string>();
  readonly #subscribed = new Set<string>();
  #open: Delivery[] = [];
  /** Settled in the open transaction; null: the channel has none. */
  #uncommitted: Delivery[] | null = null;

  get tags(): number[] {
    return this.#open.map(({ deliveryTag }) => deliveryTag);
  }

  subscribed(consumerTag: string, queue: string): void {
    this.queueOf.set(consumerTag, queue);
    this.#subscribed.add(consumerTag);
  }

  unsubscribed(consumerTag: string): void {
    this.#subscribed.delete(consumerTag);
  }

  came(deliveryTag: number, queue: string, consumerTag: string | null): void {
    this.#open.push({ deliveryTag, queue, consumerTag });
  }

  gone(queue: string): void {
    for (const one of this.#all()) if (one.queue === queue) one.queue = '';
  }

  /** The step was done. */
  did({ name, args }: MethodStep): void {
    if (name === 'tx.select') this.#uncommitted ??= [];
    else if (name === 'tx.commit' && this.#uncommitted) this.#uncommitted = [];
    else if (name === 'tx.rollback' && this.#uncommitted) {
      this.#open = [...this.#uncommitted, ...this.#open].sort((a, b) => a.deliveryTag - b.deliveryTag);
      this.#uncommitted = [];
    } else if (name === 'basic.recover' || name === 'basic.recover-async') this.#open = [];
    else if (name === 'basic.ack' || name === 'basic.nack' || name === 'basic.reject') {
      const tag = args.deliveryTag ?? 0;
      const multiple = name !== 'basic.reject' && args.multiple;
      const isMeant = (one: Delivery) => (multiple ? tag === 0 || one.deliveryTag <= tag : one.deliveryTag === tag);
      this.#uncommitted?.push(...this.#open.filter(isMeant));
      this.#open = this.#open.filter((one) => !isMeant(one));
    }
  }

  /** How many hold a delivery of that queue and are no consumers of it: cancelled ones, and each basic.get. */
  holders(queue: string): number {
    const unacked = this.#all().filter((one) => one.queue === queue);
    const cancelled = unacked.filter(({ consumerTag: tag }) => tag !== null && !this.#isConsumer(tag, queue));
    return (
      unacked.filter(({ consumerTag }) => consumerTag === null).length +
      new Set(cancelled.map((one) => one.consumerTag)).size
    );
  }

  holds(queue: string): boolean {
    return this.#all().some((one) => one.queue === queue);
  }

  consumes(queue: string): boolean {
    return [...this.#subscribed].some((tag) => this.queueOf.get(tag) === queue);
  }

  #isConsumer(tag: string, queue: string): boolean {
    return this.#subscribed.has(tag) && this.queueOf.get(tag) === queue;
  }

  #all(): Delivery[] {
    return [...this.#open, ...(this.#uncommitted ?? [])];
  }
}
