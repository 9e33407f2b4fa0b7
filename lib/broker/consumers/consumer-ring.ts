/**
 * The consumers of one queue in the order in which they are served: higher priority first, round robin within one.
 * Invariant: `open` holds those that could take a message when last asked; a consumer that could not is left out until
 * `wake` names it, so a queue with many busy consumers does not ask all of them for each message.
 */
import type { Consumer } from './consumer.ts';

/** The last five measurements make half of the capacity. */
const MEASUREMENT_WEIGHT = 1 - 0.5 ** (1 / 5);

export class ConsumerRing {
  readonly all: Consumer[] = [];
  /** Nobody is served while the queue is paused. */
  isPaused = false;
  private open: Consumer[] = [];
  private readonly single: boolean;
  private readonly byPriority: boolean;
  private chosen: Consumer | undefined;
  /** The share of the measurements that found a consumer that could take a message: later ones count more. */
  capacity = 0;
  private isMeasured = false;
  private shutCount = 0;

  /**
   * With `single` one consumer gets everything: the one that came first, and when it leaves the first of the highest
   * priority; with `byPriority` always that one, which takes over from one of a lower priority when that has nothing left
   * to settle.
   */
  constructor(single: boolean, byPriority = false) {
    this.single = single;
    this.byPriority = byPriority;
  }

  /** The consumer that gets everything under single-active-consumer. */
  get active(): Consumer | undefined {
    return this.chosen;
  }

  /** Updates `capacity`; to be called at even intervals. */
  measure(): void {
    if (this.all.length === 0) {
      this.capacity = 0;
      this.isMeasured = false;
      return;
    }
    const share = !this.isPaused && this.open.some((consumer) => consumer.canTake()) ? 1 : 0;
    this.capacity = this.isMeasured ? this.capacity + MEASUREMENT_WEIGHT * (share - this.capacity) : share;
    this.isMeasured = true;
  }

  /**
   * True when the consumer may not join: it would be alone, or another is. Quorum queues, whose consumers are chosen by
   * priority, know no exclusive ones. [rabbit: quorum queues]
   */
  excludes(consumer: Consumer): boolean {
    if (this.byPriority) return false;
    const { all } = this;
    if (consumer.exclusive && (all.length > 0 || this.single)) return true;
    return all.some((other) => other.exclusive);
  }

  add(consumer: Consumer): void {
    this.all.push(consumer);
    consumer.subscribed = true;
    if (this.single) this.choose();
    this.wake(consumer);
  }

  remove(consumer: Consumer): void {
    const index = this.all.indexOf(consumer);
    if (index < 0) return;
    this.all.splice(index, 1);
    consumer.subscribed = false;
    this.close(consumer);
    if (this.single) this.choose();
  }

  /** The consumer may be able to take messages again. */
  wake(consumer: Consumer): void {
    if (this.single && this.byPriority) this.choose();
    if (!consumer.subscribed || (this.single && consumer !== this.chosen)) return;
    if (this.isFading || this.open.includes(consumer)) return;
    this.insert(consumer);
  }

  /** Wakes several consumers at once: those that could take nothing come again in the order in which that was found. */
  wakeAll(consumers: Consumer[]): void {
    for (const consumer of consumers.sort((a, b) => a.shutAt - b.shutAt)) this.wake(consumer);
  }

  /** The consumer whose turn it is; undefined when nobody can take a message. */
  next(): Consumer | undefined {
    if (this.isPaused) return undefined;
    while (this.open.length > 0) {
      const consumer = this.open[0] as Consumer;
      if (consumer.canTake()) {
        if (this.open.length > 1) {
          this.open.shift();
          this.insert(consumer);
        }
        return consumer;
      }
      consumer.shutAt = ++this.shutCount;
      this.open.shift();
    }
    return undefined;
  }

  /**
   * Chooses the consumer that gets everything; the one before stays chosen while it has something to settle, and gets
   * no more.
   */
  private choose(): void {
    const best = this.best();
    const { chosen } = this;
    if (best !== chosen && chosen?.subscribed) {
      this.close(chosen);
      if (chosen.unackedCount > 0) return;
    }
    this.chosen = best;
    if (best && !this.open.includes(best)) this.insert(best);
  }

  private best(): Consumer | undefined {
    const { chosen } = this;
    if (chosen?.subscribed && !this.byPriority) return chosen;
    let best = chosen?.subscribed ? chosen : this.all[0];
    for (const other of this.all) if (best && other.priority > best.priority) best = other;
    return best;
  }

  /** A better one waits until the chosen one has settled everything. */
  private get isFading(): boolean {
    return this.byPriority && this.single && this.best() !== this.chosen;
  }

  private close(consumer: Consumer): void {
    const index = this.open.indexOf(consumer);
    if (index >= 0) this.open.splice(index, 1);
  }

  private insert(consumer: Consumer): void {
    let index = this.open.length;
    while (index > 0 && (this.open[index - 1] as Consumer).priority < consumer.priority) index--;
    this.open.splice(index, 0, consumer);
  }
}
