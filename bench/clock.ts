/**
 * Nanoseconds since the start of a run, the same in all threads: the machine's monotonic clock, as a number that stays exact for a
 * hundred days.
 */
export class RunClock {
  readonly #offsetNs: number;

  constructor(baseNs: bigint) {
    this.#offsetNs = Number(process.hrtime.bigint() - baseNs) - performance.now() * 1e6;
  }

  nowNs(): number {
    return Math.round(performance.now() * 1e6 + this.#offsetNs);
  }
}
