import type { Clock } from './clock.ts';

/** One call at one moment; setting it again moves the moment. Setting it to the same moment costs nothing. */
export class Timer {
  private readonly clock: Clock;
  private readonly callback: () => void;
  private dueMs = 0;
  private stop: (() => void) | null = null;

  constructor(clock: Clock, callback: () => void) {
    this.clock = clock;
    this.callback = callback;
  }

  set(dueMs: number): void {
    if (this.stop !== null && this.dueMs === dueMs) return;
    this.cancel();
    this.dueMs = dueMs;
    this.stop = this.clock.after(dueMs - this.clock.now(), () => {
      this.stop = null;
      // Long waits come in pieces, and a clock may be set back.
      if (this.clock.now() < this.dueMs) this.set(this.dueMs);
      else this.callback();
    });
  }

  cancel(): void {
    this.stop?.();
    this.stop = null;
  }
}
