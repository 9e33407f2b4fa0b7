/**
 * The consumers of one queue in the order in which they are served: higher priority first, round robin within one.
 * Invariant: `open` holds those that could take a message when last asked; a consumer that could not is left out until
 * `wake` names it, so a queue with many busy consumers does not ask all of them for each message.
 */
import type { Consumer } from './consumer.ts';

export class ConsumerRing {
  readonly all: Consumer[] = [];
  private open: Consumer[] = [];
  private readonly single: boolean;

  constructor(single: boolean) {
    this.single = single;
  }

  /** The consumer that gets everything under single-active-consumer. */
  get active(): Consumer | undefined {
    return this.single ? this.all[0] : undefined;
  }

  add(consumer: Consumer): void {
    this.all.push(consumer);
    consumer.subscribed = true;
    this.wake(consumer);
  }

  remove(consumer: Consumer): void {
    const index = this.all.indexOf(consumer);
    if (index < 0) return;
    this.all.splice(index, 1);
    consumer.subscribed = false;
    const place = this.open.indexOf(consumer);
    if (place >= 0) this.open.splice(place, 1);
    if (this.single && this.all[0]) this.wake(this.all[0]);
  }

  /** The consumer may be able to take messages again. */
  wake(consumer: Consumer): void {
    if (!consumer.subscribed || (this.single && consumer !== this.all[0])) return;
    if (this.open.includes(consumer)) return;
    this.insert(consumer);
  }

  /** Whose turn it is; undefined when nobody can take a message. */
  next(): Consumer | undefined {
    while (this.open.length > 0) {
      const consumer = this.open[0] as Consumer;
      if (consumer.canTake()) {
        if (this.open.length > 1) {
          this.open.shift();
          this.insert(consumer);
        }
        return consumer;
      }
      this.open.shift();
    }
    return undefined;
  }

  private insert(consumer: Consumer): void {
    let index = this.open.length;
    while (index > 0 && (this.open[index - 1] as Consumer).priority < consumer.priority) index--;
    this.open.splice(index, 0, consumer);
  }
}
