/**
 * Who a browser is: a random token in a cookie, signed, and its hash in the database. What the secret key did not sign
 * is nobody without a look into the database. A session ends eight hours after its last use.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { SessionRecords } from '../db/sessions.ts';
import type { SecretKey } from './secret-key.ts';

export const SESSION_COOKIE = 'warren_session';
const SESSION_MS = 8 * 60 * 60 * 1000;
/** The end is moved on at most this often, so that polling does not write at every request. */
const EXTEND_AFTER_MS = 10 * 60 * 1000;
const CACHE_MAX = 1000;
const LISTED_MAX = 500;
const USER_AGENT_CHARS_MAX = 300;
const PURPOSE = 'session';

export interface SessionOrigin {
  remoteAddress: string;
  userAgent: string;
}

/** A session as people may see it. `id` names it and opens nothing. */
export interface SessionInfo extends SessionOrigin {
  id: string;
  user: string;
  sinceMs: number;
  /** To within ten minutes. */
  lastUsedMs: number;
}

export class Sessions {
  private readonly records: SessionRecords;
  private readonly key: SecretKey;
  private readonly known = new Map<string, { user: string; expiresAt: number }>();

  constructor(records: SessionRecords, key: SecretKey) {
    this.records = records;
    this.key = key;
  }

  /** Begins a session; the token is for the cookie and is kept nowhere. */
  async begin(
    user: string,
    { remoteAddress, userAgent }: SessionOrigin,
  ): Promise<{ token: string; maxAgeSeconds: number }> {
    const token = this.key.sign(PURPOSE, randomBytes(32).toString('base64url'));
    const now = Date.now();
    await this.records.removeExpired(new Date(now));
    await this.records.add({
      tokenHash: sessionId(token),
      user,
      createdAt: new Date(now),
      expiresAt: new Date(now + SESSION_MS),
      remoteAddress,
      userAgent: userAgent.slice(0, USER_AGENT_CHARS_MAX),
    });
    return { token, maxAgeSeconds: SESSION_MS / 1000 };
  }

  /** The user whose session it is; null when it has ended or never was. */
  async user(token: string): Promise<string | null> {
    const tokenHash = sessionId(token);
    const now = Date.now();
    const session = await this.find(token, tokenHash);
    if (!session || session.expiresAt <= now) {
      this.known.delete(tokenHash);
      return null;
    }
    if (session.expiresAt - now < SESSION_MS - EXTEND_AFTER_MS) {
      session.expiresAt = now + SESSION_MS;
      await this.records.extend(tokenHash, new Date(session.expiresAt));
    }
    return session.user;
  }

  /** Whether the session goes on. Asking is no use of the session, as `user` is, which would move its end. */
  async lasts(token: string): Promise<boolean> {
    const session = await this.find(token, sessionId(token));
    return session !== undefined && session.expiresAt > Date.now();
  }

  async end(token: string): Promise<void> {
    const tokenHash = sessionId(token);
    this.known.delete(tokenHash);
    await this.records.remove(tokenHash);
  }

  /** The sessions that go on, newest first; everybody's when no user is named. */
  async list(user: string | null): Promise<SessionInfo[]> {
    const records = await this.records.list(user, new Date(), LISTED_MAX);
    return records.map(({ tokenHash, createdAt, expiresAt, ...rest }) => ({
      user: rest.user,
      remoteAddress: rest.remoteAddress,
      userAgent: rest.userAgent,
      id: tokenHash,
      sinceMs: createdAt.getTime(),
      lastUsedMs: expiresAt.getTime() - SESSION_MS,
    }));
  }

  /** The user of a session; null when it has ended or never was. */
  async owner(id: string): Promise<string | null> {
    const record = await this.records.find(id);
    return record !== undefined && record.expiresAt.getTime() > Date.now() ? record.user : null;
  }

  async revoke(id: string): Promise<void> {
    this.known.delete(id);
    await this.records.remove(id);
  }

  /** The records of a user's sessions have been removed. */
  forget(user: string): void {
    for (const [tokenHash, session] of this.known) if (session.user === user) this.known.delete(tokenHash);
  }

  private async find(token: string, tokenHash: string): Promise<{ user: string; expiresAt: number } | undefined> {
    if (!this.key.hasSigned(PURPOSE, token)) return undefined;
    return this.known.get(tokenHash) ?? (await this.read(tokenHash));
  }

  private async read(tokenHash: string): Promise<{ user: string; expiresAt: number } | undefined> {
    const record = await this.records.find(tokenHash);
    if (!record) return undefined;
    const session = { user: record.user, expiresAt: record.expiresAt.getTime() };
    if (this.known.size >= CACHE_MAX) this.known.clear();
    this.known.set(tokenHash, session);
    return session;
  }
}

/** The name of a token's session, which does not open it. */
export function sessionId(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
