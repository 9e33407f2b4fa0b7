import type { AuditFilter, AuditLog, VisibleEntries } from '../audit/audit-log.ts';
import type { AuditEntry, KeptAuditEntry } from '../audit/entry.ts';
import type { Database } from './database.ts';
import type { Prisma } from './generated/sqlite/client.ts';

/** The rows of the audit. */
export class AuditRecords implements AuditLog {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async add(entry: AuditEntry): Promise<number> {
    const { id } = await this.database.auditEntry.create({ data: entry, select: { id: true } });
    return id;
  }

  async amend(id: number, to: Pick<AuditEntry, 'detail' | 'outcome'>): Promise<void> {
    await this.database.auditEntry.updateMany({ where: { id }, data: to });
  }

  find(filter: AuditFilter, limit: number, beforeId?: number): Promise<KeptAuditEntry[]> {
    const where = condition(filter);
    return this.database.auditEntry.findMany({
      where: beforeId === undefined ? where : { AND: [where, { id: { lt: beforeId } }] },
      orderBy: { id: 'desc' },
      take: limit,
    });
  }

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
  visible,
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
    ...(visible !== undefined && { AND: [visibleCondition(visible)] }),
  };
}

function visibleCondition({ vhosts, outside }: VisibleEntries): Prisma.AuditEntryWhereInput {
  const inside = vhosts === null ? { NOT: { vhost: null } } : { vhost: { in: [...vhosts] } };
  return { OR: [inside, { vhost: null, ...(outside !== null && { user: outside }) }] };
}
