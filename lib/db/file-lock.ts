/**
 * A lock that one process has by a file of SQLite. The lock is the operating system's, so it is gone with the process,
 * however that ends.
 */
import { closeSync, openSync, statSync, unlinkSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

export interface FileLock {
  /** Gives the lock back; the file goes too, when this lock had made it. */
  release(): void;
}

/** Files that are locked: a connection that nobody refers to is collected, and its lock with it. */
const lockedFiles = new Set<Sqlite.Database>();

/** Locks the file at `path`; null: another process has it locked. Throws what the file system has against that. */
export function lockFile(path: string): FileLock | null {
  for (;;) {
    const isNew = makeFile(path);
    const ino = inodeOf(path);
    if (ino === null) continue;
    const file = lock(path);
    if (file === null) return null;
    // Whoever let go in between may have removed the file: then what is locked is nobody's any more.
    if (inodeOf(path) !== ino) {
      file.close();
      continue;
    }
    lockedFiles.add(file);
    return {
      release() {
        if (!lockedFiles.delete(file)) return;
        // While it is still locked: nobody else can have it as theirs yet.
        if (isNew) removeQuietly(path);
        file.close();
      },
    };
  }
}

/** A file that stays is no harm: the next one takes it as it is. */
function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {}
}

/** The inode of the file; null: there is no such file. */
function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

/** Makes the file; true when it was not there. */
function makeFile(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function lock(path: string): Sqlite.Database | null {
  const file = new Sqlite(path, { timeout: 0 });
  try {
    // A transaction that is never finished: SQLite holds a lock of the system for it. Nothing is written.
    file.pragma('journal_mode = MEMORY');
    file.exec('BEGIN EXCLUSIVE');
    return file;
  } catch (error) {
    file.close();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}
