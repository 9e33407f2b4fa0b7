/** What the routes need of the database. On globalThis, because instrumentation, routes and pages are bundled apart. */
import type { AuditRecords } from '../db/audit.ts';
import type { Sessions } from './sessions.ts';
import type { SignIns } from './sign-ins.ts';

export interface Records {
  sessions: Sessions;
  signIns: SignIns;
  audit: AuditRecords;
}

declare global {
  var warrenRecords: Records | undefined;
}

/** Undefined before the start is through. */
export function currentRecords(): Records | undefined {
  return globalThis.warrenRecords;
}

export function setRecords(records: Records | undefined): void {
  globalThis.warrenRecords = records;
}
