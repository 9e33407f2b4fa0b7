import type { Database } from './database.ts';

/** A sign-in to the console, found by the hash of its token. */
export interface SessionRecord {
  tokenHash: string;
  user: string;
  createdAt: Date;
  expiresAt: Date;
  /** Where the sign-in came from. */
  remoteAddress: string;
  userAgent: string;
}

export class SessionRecords {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async add(record: SessionRecord): Promise<void> {
    await this.database.session.create({ data: record });
  }

  /** The session of a token's hash; undefined when there is none; the caller looks at `expiresAt`. */
  async find(tokenHash: string): Promise<SessionRecord | undefined> {
    return (await this.database.session.findUnique({ where: { tokenHash } })) ?? undefined;
  }

  /** Newest first; of all users when none is named. At most `limit`. */
  list(user: string | null, now: Date, limit: number): Promise<SessionRecord[]> {
    return this.database.session.findMany({
      where: { expiresAt: { gt: now }, ...(user !== null && { user }) },
      orderBy: { createdAt: 'desc' },
      take: limit,
    });
  }

  async extend(tokenHash: string, expiresAt: Date): Promise<void> {
    await this.database.session.updateMany({ where: { tokenHash }, data: { expiresAt } });
  }

  async remove(tokenHash: string): Promise<void> {
    await this.database.session.deleteMany({ where: { tokenHash } });
  }

  async removeExpired(now: Date): Promise<void> {
    await this.database.session.deleteMany({ where: { expiresAt: { lt: now } } });
  }
}
