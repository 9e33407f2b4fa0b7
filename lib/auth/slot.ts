/** What the routes need of the database. On globalThis, because instrumentation, routes and pages are bundled apart. */
import type { AuditRecords } from '../db/audit.ts';
import type { Sessions } from './sessions.ts';

declare global {
  var warrenRecords: { sessions: Sessions; audit: AuditRecords } | undefined;
}

/** Undefined before the start is through. */
export function currentRecords(): { sessions: Sessions; audit: AuditRecords } | undefined {
  return globalThis.warrenRecords;
}

export function setRecords(records: { sessions: Sessions; audit: AuditRecords } | undefined): void {
  globalThis.warrenRecords = records;
}
