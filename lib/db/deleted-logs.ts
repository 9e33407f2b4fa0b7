/**
 * Names of logs whose queue or exchange was deleted. They are kept until the files are gone for certain: a start needs them to tell
 * what was deleted from what it never knew.
 */
import type { Database } from './database.ts';

const HOUR_MS = 3_600_000;

/** `recoveredMs`: what was deleted before that is gone, by a start that has come to its end. Returns the function that ends it. */
export function startDeletedLogRetention(
  database: Database,
  recoveredMs: number,
  complain: (text: string) => void,
): () => void {
  const forget = (beforeMs: number): void => {
    database.deletedLog
      .deleteMany({ where: { deletedAtMs: { lt: beforeMs } } })
      .catch((error: unknown) => complain(`names of deleted logs could not be removed: ${String(error)}`));
  };
  forget(recoveredMs);
  // A log goes with the batch after its deletion; what the disk had not written by then it has an hour later.
  const timer = setInterval(() => forget(Date.now() - HOUR_MS), HOUR_MS).unref();
  return () => clearInterval(timer);
}
