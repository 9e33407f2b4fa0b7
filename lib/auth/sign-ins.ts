/**
 * Signing in over HTTP, by the console's form and by HTTP Basic: the one place where a password is checked, limited by who
 * failed before, and where what is refused is counted for the audit.
 */
import type { RefusedSignIns } from '../audit/refused-sign-ins.ts';
import type { Identity } from '../engine/actor.ts';
import type { Credentials, SignInAttempts } from './sign-in-attempts.ts';

const PASSED_MAX = 1_000;

/** `too-many`: the password was not checked. */
export type SignInRefusal = 'wrong' | 'too-many';

export class SignIns {
  private readonly attempts: SignInAttempts;
  private readonly refused: Pick<RefusedSignIns, 'note'>;
  /** Attempts that nobody knows the outcome of yet. */
  private readonly undecided = new Map<string, Promise<void>>();
  /** Attempts that were good: what comes many times at once need not wait for each other. */
  private readonly passed = new Set<string>();

  constructor(attempts: SignInAttempts, refused: Pick<RefusedSignIns, 'note'>) {
    this.attempts = attempts;
    this.refused = refused;
  }

  /**
   * The identity of who signed in. `check` decides on the password; null: it is wrong. Rejects as `check` does, and then nothing counts.
   * `by`: how it came, for the audit.
   */
  async signIn(
    credentials: Credentials,
    by: string,
    check: () => Promise<Identity | null>,
  ): Promise<Identity | SignInRefusal> {
    const id = this.attempts.idOf(credentials);
    // The same attempt many times at once is one until it is known what it is worth.
    while (this.undecided.has(id)) await this.undecided.get(id);
    const attempt = this.attempts.begin(credentials, Date.now());
    const { user, address } = credentials;
    if (attempt.isRefused) {
      this.refused.note({ user, address, by, outcome: 'TOO_MANY_ATTEMPTS' }, Date.now());
      return 'too-many';
    }
    const decided = Promise.withResolvers<void>();
    if (!this.passed.has(id)) this.undecided.set(id, decided.promise);
    let outcome: 'passed' | 'failed' | 'undone' = 'undone';
    try {
      const identity = await check();
      outcome = identity === null ? 'failed' : 'passed';
      if (identity !== null) return identity;
      this.refused.note({ user, address, by, outcome: 'UNAUTHENTICATED' }, Date.now());
      return 'wrong';
    } finally {
      attempt.end(outcome, Date.now());
      this.remember(id, outcome === 'passed');
      if (this.undecided.get(id) === decided.promise) this.undecided.delete(id);
      decided.resolve();
    }
  }

  private remember(id: string, hasPassed: boolean): void {
    this.passed.delete(id);
    if (hasPassed) this.passed.add(id);
    if (this.passed.size > PASSED_MAX) this.passed.delete(this.passed.keys().next().value as string);
  }
}
