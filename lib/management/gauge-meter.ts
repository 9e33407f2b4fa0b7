/** A mean over less says little. */
const STEP_MS = 5_000;

/** How fast gauges change that are read only when somebody asks: per second, between two of these readings. */
export class GaugeMeter<N extends string> {
  private before: { atMs: number; values: Record<N, number> } | undefined;
  private rates: Record<N, number> | undefined;

  /** Null for the first reading: nobody knows yet. */
  note(atMs: number, values: Record<N, number>): Record<N, number> | null {
    const { before } = this;
    if (before !== undefined && atMs >= before.atMs && atMs - before.atMs < STEP_MS) return this.rates ?? null;
    this.rates = undefined;
    if (before !== undefined && atMs > before.atMs) {
      const seconds = (atMs - before.atMs) / 1000;
      const changes = (Object.keys(values) as N[]).map((name) => [
        name,
        (values[name] - before.values[name]) / seconds,
      ]);
      this.rates = Object.fromEntries(changes) as Record<N, number>;
    }
    this.before = { atMs, values };
    return this.rates ?? null;
  }
}
