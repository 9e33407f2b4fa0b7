import * as z from 'zod';
import type { AuditFilter, AuditLog } from '../audit/audit-log.ts';
import type { KeptAuditEntry } from '../audit/entry.ts';
import type { Identity } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import { shortString } from '../operations/fields.ts';
import { exportAudit } from '../operations/reads.ts';
import { hasRole } from '../users/role.ts';
import { Refusal } from '../web/refusal.ts';
import { CSV_HEAD, csvLine } from './audit-csv.ts';
import { queryInteger } from './fields.ts';
import { type Routes, route } from './route.ts';

/** One entry as the page shows it; `before` and `after` are JSON texts. */
export interface AuditRow extends Omit<KeptAuditEntry, 'at'> {
  atMs: number;
}

export interface AuditPage {
  rows: AuditRow[];
  /** Where the next, older page begins; null: there is none. */
  beforeId: number | null;
}

const EXPORT_STEP = 1_000;
const moment = z.coerce.date<string>({ error: 'must be a date and time' }).optional();

/** The one after it is an id too. */
const ENTRY_ID_MAX = 2 ** 31 - 2;
const entryId = z.coerce.number<number | string>().int().positive().max(ENTRY_ID_MAX);

const filterInput = {
  user: shortString.optional(),
  action: z.string().max(60).optional(),
  vhost: shortString.optional(),
  object: shortString.optional(),
  outcome: z.enum(['ok', 'failed']).optional(),
  from: moment,
  to: moment,
};

export const auditRoutes = {
  'GET /audit': route({
    input: z.object({
      ...filterInput,
      limit: queryInteger(1, 500, 100),
      beforeId: entryId.optional(),
    }),
    async run(desk, _actor, { limit, beforeId, ...filter }, { identity }): Promise<AuditPage> {
      requireAdministrator(identity);
      // One more than asked for: is there another page?
      const found = await desk.audit.find(withoutBlanks(filter), limit + 1, beforeId);
      const shown = found.slice(0, limit);
      return {
        rows: shown.map(rowOf),
        beforeId: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
      };
    },
  }),
  'GET /audit/entry': route({
    input: z.object({ id: entryId }),
    async run(desk, _actor, { id }, { identity }): Promise<AuditRow> {
      requireAdministrator(identity);
      const [found] = await desk.audit.find({}, 1, id + 1);
      if (found?.id !== id) throw new EngineError('NOT_FOUND', `no entry ${id} in the audit log`);
      return rowOf(found);
    },
  }),
  'GET /audit/export': route({
    input: z.object({ ...filterInput, format: z.enum(['csv', 'jsonl']).default('csv') }),
    async run(desk, _actor, { format, ...filter }, { identity }): Promise<Response> {
      requireAdministrator(identity);
      const day = new Date().toISOString().slice(0, 10);
      return new Response(streamOf(exported(desk.audit, withoutBlanks(filter), format)), {
        headers: {
          'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
          'content-disposition': `attachment; filename="warren-audit-${day}.${format}"`,
          'cache-control': 'no-store',
        },
      });
    },
    read: exportAudit,
  }),
} satisfies Routes;

/** The audit names what is in every vhost, and who did what: that is for administrators. */
function requireAdministrator({ tags }: Identity): void {
  if (hasRole(tags, 'administrator')) return;
  throw new Refusal('NOT_PERMITTED', 'The audit log is for users with the tag administrator.');
}

function rowOf({ at, ...row }: KeptAuditEntry): AuditRow {
  return { ...row, atMs: at.getTime() };
}

function withoutBlanks(filter: { [K in keyof AuditFilter]?: AuditFilter[K] | undefined }): AuditFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''));
}

/** Newest first, in steps, so that a long log is never in memory as a whole. */
async function* exported(
  audit: Pick<AuditLog, 'find'>,
  filter: AuditFilter,
  format: 'csv' | 'jsonl',
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  if (format === 'csv') yield encoder.encode(CSV_HEAD);
  let rows = await audit.find(filter, EXPORT_STEP);
  while (rows.length > 0) {
    yield encoder.encode(rows.map((row) => (format === 'csv' ? csvLine(row) : `${JSON.stringify(row)}\n`)).join(''));
    rows = await audit.find(filter, EXPORT_STEP, rows.at(-1)?.id);
  }
}

function streamOf(parts: AsyncGenerator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
}
