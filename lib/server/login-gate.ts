/**
 * Passwords of clients on their way to be checked: at once where nothing went wrong before, else after a wait that grows
 * with it. What waits holds a timer and its socket, and only so many may: what finds no room is refused unseen.
 */

const WAITING_MAX = 500;
const WAITING_PER_ADDRESS_MAX = 20;

export interface ClientCredentials {
  user: string;
  password: string;
  address: string;
}

/** The record of those who failed before; lib/engine/embedded hands it in. */
export interface LoginAttempts {
  begin(
    credentials: ClientCredentials,
    nowMs: number,
  ): { readonly delayMs: number; end(outcome: 'passed' | 'failed' | 'undone', nowMs: number): void };
}

export class LoginGate {
  private readonly attempts: LoginAttempts;
  private readonly nowMs: () => number;
  private readonly waiting = new Map<string, number>();
  private waitingCount = 0;

  constructor(attempts: LoginAttempts, nowMs: () => number) {
    this.attempts = attempts;
    this.nowMs = nowMs;
  }

  /**
   * Calls `checkPassword`, now or later, or `refuse` where too many wait already. `checkPassword` says whether the password
   * was right; null: the client has gone meanwhile.
   */
  pass(credentials: ClientCredentials, checkPassword: () => boolean | null, refuse: () => void): void {
    const attempt = this.attempts.begin(credentials, this.nowMs());
    const now = (): void => {
      const isRight = checkPassword();
      attempt.end(isRight === null ? 'undone' : isRight ? 'passed' : 'failed', this.nowMs());
    };
    if (attempt.delayMs === 0) now();
    else if (!this.hold(credentials.address, attempt.delayMs, now)) {
      attempt.end('undone', this.nowMs());
      refuse();
    }
  }

  private hold(address: string, ms: number, then: () => void): boolean {
    const own = this.waiting.get(address) ?? 0;
    if (own >= WAITING_PER_ADDRESS_MAX || this.waitingCount >= WAITING_MAX) return false;
    this.waiting.set(address, own + 1);
    this.waitingCount++;
    setTimeout(() => {
      const left = (this.waiting.get(address) ?? 1) - 1;
      if (left === 0) this.waiting.delete(address);
      else this.waiting.set(address, left);
      this.waitingCount--;
      then();
    }, ms).unref();
    return true;
  }
}
