/** One process a data directory. The lock is the operating system's, so it is gone with the process, however that ends. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Throws an Error with one clear line when another process has the directory. Returns the function that lets go. */
export function lockDataDir(dataDir: string): () => void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    throw new Error(`cannot make the data directory ${dataDir}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const file = new Sqlite(join(dataDir, 'lock.db'), { timeout: 0 });
  try {
    // An exclusive transaction that is never finished: SQLite holds a file lock for it.
    file.pragma('locking_mode = EXCLUSIVE');
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    const busy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
    throw new Error(busy ? `the data directory ${dataDir} is in use by another Warren` : `cannot lock ${dataDir}: ${String(error)}`);
  }
  return () => file.close();
}
