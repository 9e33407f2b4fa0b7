import type { Database } from './database.ts';
import type { Prisma } from './generated/sqlite/client.ts';

/** Something that somebody did through the console or the API, or tried to. No secrets in it. */
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

/** `id` grows with time. */
export type KeptAuditEntry = Required<AuditEntry> & { id: number };

/** What is not given does not matter. */
export interface AuditFilter {
  user?: string;
  /** A noun such as "queue", or noun and verb. */
  action?: string;
  vhost?: string;
  /** A part of its name. */
  object?: string;
  /** Actions that do not count. */
  without?: readonly string[];
  outcome?: 'ok' | 'failed';
  /** Inclusive, and exclusive. */
  from?: Date;
  to?: Date;
  seen?: SeenActs;
}

/** What of all acts may be seen. */
export interface SeenActs {
  /** In these vhosts; null: in all. */
  vhosts: readonly string[] | null;
  /** In no vhost, those of this user; null: everybody's. */
  outside: string | null;
}

export class AuditRecords {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async add(entry: AuditEntry): Promise<void> {
    await this.database.auditEntry.create({ data: entry });
  }

  /** Newest first, older than the entry `beforeId` where it is given. */
  find(filter: AuditFilter, limit: number, beforeId?: number): Promise<KeptAuditEntry[]> {
    const where = condition(filter);
    return this.database.auditEntry.findMany({
      where: beforeId === undefined ? where : { AND: [where, { id: { lt: beforeId } }] },
      orderBy: { id: 'desc' },
      take: limit,
    });
  }

  /** Removes what is older than `before`, and the oldest beyond `countMax`. Returns how many. */
  async prune(before: Date, countMax: number): Promise<number> {
    const { auditEntry } = this.database;
    const { count: old } = await auditEntry.deleteMany({ where: { at: { lt: before } } });
    const [first] = await auditEntry.findMany({
      orderBy: { id: 'desc' },
      skip: countMax,
      take: 1,
      select: { id: true },
    });
    if (first === undefined) return old;
    const { count: many } = await auditEntry.deleteMany({ where: { id: { lte: first.id } } });
    return old + many;
  }
}

function condition({
  user,
  action,
  without,
  vhost,
  object,
  outcome,
  from,
  to,
  seen,
}: AuditFilter): Prisma.AuditEntryWhereInput {
  return {
    ...(user !== undefined && { user }),
    ...(action !== undefined && { OR: [{ action }, { action: { startsWith: `${action}.` } }] }),
    ...(without !== undefined && { NOT: { action: { in: [...without] } } }),
    ...(vhost !== undefined && { vhost }),
    ...(object !== undefined && { object: { contains: object } }),
    ...(outcome !== undefined && { outcome: outcome === 'ok' ? 'ok' : { not: 'ok' } }),
    ...((from !== undefined || to !== undefined) && {
      at: { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) },
    }),
    ...(seen !== undefined && { AND: [seenCondition(seen)] }),
  };
}

function seenCondition({ vhosts, outside }: SeenActs): Prisma.AuditEntryWhereInput {
  const inside = vhosts === null ? { NOT: { vhost: null } } : { vhost: { in: [...vhosts] } };
  return { OR: [inside, { vhost: null, ...(outside !== null && { user: outside }) }] };
}
