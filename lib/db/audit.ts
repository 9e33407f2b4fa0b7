import type { Database } from './database.ts';

/** Something that somebody did through the console, or tried to. No secrets in it. */
export interface AuditEntry {
  at: Date;
  user: string;
  remoteAddress: string | null;
  /** "queue.delete", "message.replay" … */
  action: string;
  vhost: string | null;
  /** Name of what was acted on. */
  object: string | null;
  /** What is worth knowing beyond the names. */
  detail: string;
  /** "ok", or the reason why it failed. */
  outcome: string;
  /** What was there before a change and what is there after it, as JSON text; left out: nothing. */
  before?: string | null;
  after?: string | null;
}

export class AuditRecords {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async add(entry: AuditEntry): Promise<void> {
    await this.database.auditEntry.create({ data: entry });
  }

  /** The latest entries, newest first. */
  async latest(limit: number): Promise<AuditEntry[]> {
    const rows = await this.database.auditEntry.findMany({ orderBy: { id: 'desc' }, take: limit });
    return rows.map(({ id: _, ...row }) => row);
  }
}
