/**
 * Logins that the broker has let in a moment ago, so that tools which send name and password with every request need
 * not wait for a busy broker each time. Owns no password: only salted digests. Whoever changes users, permissions or
 * vhosts makes it forget all; a login that was refused is never kept.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Identity } from '../actor.ts';

const AGE_MAX_MS = 30_000;
const LOGINS_MAX = 1_000;

export class KnownLogins {
  private readonly salt = randomBytes(32);
  private readonly known = new Map<string, { identity: Identity; untilMs: number }>();

  find(key: string, nowMs: number): Identity | null {
    const found = this.known.get(key);
    return found !== undefined && found.untilMs > nowMs ? found.identity : null;
  }

  /** Null: it was refused. */
  keep(key: string, identity: Identity | null, nowMs: number): void {
    this.known.delete(key);
    if (identity === null) return;
    this.known.set(key, { identity, untilMs: nowMs + AGE_MAX_MS });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= LOGINS_MAX) break;
      this.known.delete(oldest);
    }
  }

  forgetAll(): void {
    this.known.clear();
  }

  /** What stands for name, password and address together. */
  key(name: string, password: string, remoteAddress: string): string {
    const hash = createHash('sha256').update(this.salt);
    return hash.update(JSON.stringify([name, password, remoteAddress])).digest('base64');
  }
}
