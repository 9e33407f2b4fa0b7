import type { Clock } from '../../../lib/broker/clock.ts';

/** Time that moves only when a test says so. */
export class FakeClock implements Clock {
  private time: number;
  private calls: { dueMs: number; callback: () => void }[] = [];

  constructor(startMs = 1_000_000) {
    this.time = startMs;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): () => void {
    const call = { dueMs: this.time + Math.max(0, ms), callback };
    this.calls.push(call);
    return () => {
      this.calls = this.calls.filter((other) => other !== call);
    };
  }

  /** How many calls are waiting. */
  get waiting(): number {
    return this.calls.length;
  }

  /** Moves on by `ms`; makes the calls that become due, each at its moment. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.calls.filter((call) => call.dueMs <= end).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.calls = this.calls.filter((call) => call !== next);
      this.time = Math.max(this.time, next.dueMs);
      next.callback();
    }
    this.time = end;
  }
}
