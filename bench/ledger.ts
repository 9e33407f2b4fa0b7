/**
 * What arrived, and whether it should have: per queue and source every number once, and per consumer in rising order. A delivery that
 * carries the redelivered flag may repeat a number and may come late.
 */
import { SeenSequence } from './seen-sequence.ts';

export class QueueLedger {
  readonly #seen = new Map<number, SeenSequence>();
  readonly #fromZero: boolean;

  /** A drain has not seen the publishing, so its numbers need not begin at zero. */
  constructor(fromZero: boolean) {
    this.#fromZero = fromZero;
  }

  seenOf(source: number): SeenSequence {
    let seen = this.#seen.get(source);
    if (!seen) {
      seen = new SeenSequence(this.#fromZero ? 0 : -1);
      this.#seen.set(source, seen);
    }
    return seen;
  }

  /** How many messages of each source were delivered. */
  seen(): [source: number, messages: number][] {
    return [...this.#seen].map(([source, seen]) => [source, seen.count]);
  }

  /** Numbers missing in between; what a drain can know of loss. */
  get gaps(): number {
    let gaps = 0;
    for (const seen of this.#seen.values()) gaps += seen.gaps;
    return gaps;
  }
}

/** The part of one consumer on one queue. */
export class ConsumerLedger {
  redelivered = 0;
  duplicated = 0;
  disordered = 0;
  readonly #queue: QueueLedger;
  readonly #flows = new Map<number, Flow>();
  #flow: Flow | undefined;

  constructor(queue: QueueLedger) {
    this.#queue = queue;
  }

  delivered(source: number, sequence: number, redelivered: boolean): void {
    const flow = this.#flow?.source === source ? this.#flow : this.#flowOf(source);
    const fresh = flow.seen.add(sequence);
    if (redelivered) {
      this.redelivered++;
      return;
    }
    if (!fresh) this.duplicated++;
    else if (sequence < flow.last) this.disordered++;
    if (sequence > flow.last) flow.last = sequence;
  }

  #flowOf(source: number): Flow {
    let flow = this.#flows.get(source);
    if (!flow) {
      flow = { source, seen: this.#queue.seenOf(source), last: -1 };
      this.#flows.set(source, flow);
    }
    this.#flow = flow;
    return flow;
  }
}

interface Flow {
  readonly source: number;
  readonly seen: SeenSequence;
  last: number;
}
