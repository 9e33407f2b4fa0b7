/**
 * Counters that all threads of a run see. Each is written by one thread only and wraps at 2^32: differences are exact, totals come with
 * a thread's result.
 */
const SLOTS_PER_THREAD = 16;
const PUBLISHED = 0;
const SETTLED = 1;
const CONSUMED = 2;

export class Tally {
  readonly buffer: SharedArrayBuffer;
  readonly #slots: Int32Array<SharedArrayBuffer>;
  readonly #threads: number;

  /** The slot before the counters counts progress, for those who wait for some. */
  constructor(threads: number, buffer = new SharedArrayBuffer((threads + 1) * SLOTS_PER_THREAD * 4)) {
    this.buffer = buffer;
    this.#slots = new Int32Array(buffer);
    this.#threads = threads;
  }

  published(thread: number, count: number): void {
    this.#add(thread, PUBLISHED, count);
  }

  /** Confirms, positive and negative. */
  settled(thread: number, count: number): void {
    this.#add(thread, SETTLED, count);
  }

  consumed(thread: number, count: number): void {
    this.#add(thread, CONSUMED, count);
    Atomics.add(this.#slots, 0, 1);
    Atomics.notify(this.#slots, 0);
  }

  /** What `awaitProgress` wants to know: taken before looking at the counters. */
  get progress(): number {
    return Atomics.load(this.#slots, 0);
  }

  /** Calls back once something was consumed since. */
  awaitProgress(since: number, then: () => void): void {
    const wait = Atomics.waitAsync(this.#slots, 0, since);
    if (wait.async) void wait.value.then(then);
    else setImmediate(then);
  }

  totals(): Totals {
    const sum = (slot: number): number => {
      let total = 0;
      for (let thread = 0; thread < this.#threads; thread++) total += Atomics.load(this.#slots, this.#at(thread, slot));
      return total >>> 0;
    };
    return { published: sum(PUBLISHED), settled: sum(SETTLED), consumed: sum(CONSUMED) };
  }

  #add(thread: number, slot: number, count: number): void {
    Atomics.add(this.#slots, this.#at(thread, slot), count);
  }

  #at(thread: number, slot: number): number {
    return (thread + 1) * SLOTS_PER_THREAD + slot;
  }
}

export interface Totals {
  readonly published: number;
  readonly settled: number;
  readonly consumed: number;
}

/** How far a counter moved. */
export function moved(from: number, to: number): number {
  return (to - from) >>> 0;
}
