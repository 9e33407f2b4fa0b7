/** Time as the broker sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
}

// setTimeout fires at once beyond 2^31 - 1 ms; whoever waits longer is called early and looks again.
const TIMER_MS_MAX = 0x7fffffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, Math.ceil(ms)), TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
};
