/** Counters to rates: per second, between the last two measurements. */
export class RateMeter<K extends string> {
  /** By counter, per second. */
  readonly rates: Record<K, number>;
  /** The moment of the measurement since which no counter has changed; null: the last one found a change. */
  stillSinceMs: number | null = null;
  private readonly names: readonly K[];
  private before: Record<K, number>;
  private beforeMs: number;

  constructor(counters: Readonly<Record<K, number>>, nowMs: number) {
    this.names = Object.keys(counters) as K[];
    this.before = { ...counters };
    this.beforeMs = nowMs;
    this.rates = { ...counters };
    for (const name of this.names) this.rates[name] = 0;
  }

  measure(counters: Readonly<Record<K, number>>, nowMs: number): void {
    const seconds = (nowMs - this.beforeMs) / 1000;
    if (seconds <= 0) return;
    let moved = false;
    for (const name of this.names) {
      const more = counters[name] - this.before[name];
      if (more !== 0) moved = true;
      this.rates[name] = Math.round((more / seconds) * 10) / 10;
    }
    this.stillSinceMs = moved ? null : (this.stillSinceMs ?? this.beforeMs);
    this.before = { ...counters };
    this.beforeMs = nowMs;
  }
}
