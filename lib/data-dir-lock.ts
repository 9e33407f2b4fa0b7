/** One process a data directory. The lock is the operating system's, so it is gone with the process, however that ends. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** A connection that nobody refers to is collected, and its lock with it. */
const held = new Set<Sqlite.Database>();

/** Throws an Error with one clear line when another process has the directory. Returns the function that lets go. */
export function lockDataDir(dataDir: string): () => void {
  const pidFile = join(dataDir, 'pid');
  let file: Sqlite.Database | undefined;
  try {
    mkdirSync(dataDir, { recursive: true });
    file = new Sqlite(join(dataDir, 'lock.db'), { timeout: 0 });
    // An exclusive transaction that is never finished: SQLite holds a file lock for it.
    file.pragma('locking_mode = EXCLUSIVE');
    file.exec('BEGIN EXCLUSIVE');
    // Only to say who has the lock; nobody decides by it.
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch (error) {
    file?.close();
    const busy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
    if (busy) throw new Error(`the data directory ${dataDir} is in use by another Warren${holder(pidFile)}`);
    throw new Error(
      `cannot use the data directory ${dataDir}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const locked = file;
  held.add(locked);
  return () => {
    held.delete(locked);
    locked.close();
  };
}

function holder(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
