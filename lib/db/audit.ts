import type { Database } from './database.ts';

/** Something that somebody did through the console, or tried to. `detail` is plain JSON without secrets. */
export interface AuditEntry {
  at: Date;
  user: string;
  remoteAddress: string;
  /** "queue.delete", "message.replay" … */
  action: string;
  vhost: string;
  object: string;
  detail: Record<string, string | number | boolean | null>;
  /** "ok", or the reason why it failed. */
  outcome: string;
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
    return rows.map(({ id: _, ...row }) => ({ ...row, detail: row.detail as AuditEntry['detail'] }));
  }
}
