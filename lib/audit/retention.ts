import type { AuditLog } from './audit-log.ts';

/** However young: the log of a script that runs wild must not fill the disk. */
const ENTRIES_MAX = 200_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Keeps the audit short, now and every hour. Returns the function that ends it. */
export function startAuditRetention(
  audit: Pick<AuditLog, 'prune'>,
  days: number,
  complain: (text: string) => void,
): () => void {
  const prune = (): void => {
    audit
      .prune(new Date(Date.now() - days * DAY_MS), ENTRIES_MAX)
      .catch((error: unknown) => complain(`old entries of the audit could not be removed: ${String(error)}`));
  };
  prune();
  const timer = setInterval(prune, HOUR_MS).unref();
  return () => clearInterval(timer);
}
