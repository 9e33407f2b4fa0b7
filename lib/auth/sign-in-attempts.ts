const FAILURES_MAX = 10;
const WINDOW_MS = 60_000;
const ADDRESSES_MAX = 10_000;

/** Counts wrong passwords by address, so that guessing is slow. */
export class SignInAttempts {
  private readonly failures = new Map<string, { count: number; untilMs: number }>();

  mayTry(address: string, nowMs: number): boolean {
    const failed = this.failures.get(address);
    return failed === undefined || nowMs >= failed.untilMs || failed.count < FAILURES_MAX;
  }

  failed(address: string, nowMs: number): void {
    const before = this.failures.get(address);
    const count = before === undefined || nowMs >= before.untilMs ? 1 : before.count + 1;
    // Set anew, so that the map keeps the order of the last failure.
    this.failures.delete(address);
    this.failures.set(address, { count, untilMs: nowMs + WINDOW_MS });
    if (this.failures.size > ADDRESSES_MAX) this.failures.delete(this.failures.keys().next().value as string);
  }
}
