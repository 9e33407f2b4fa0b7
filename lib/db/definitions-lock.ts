/**
 * One broker a database: what is locked are its definitions, which an embedded broker holds in memory and writes as if
 * nobody else did. Who only reads, or keeps other things in the same database, needs no lock.
 */
import { statSync } from 'node:fs';
import { isPostgres, reasonOf, shownUrl, sqlitePath } from './database-url.ts';
import { lockFile } from './file-lock.ts';
import { type LockWatcher, PostgresLock } from './postgres-lock.ts';
import { canonicalPath } from './sqlite-file.ts';

export interface DefinitionsLock {
  release(): Promise<void>;
}

/** Throws an Error with one clear line when another process has the lock, or when the database cannot be reached. */
export async function lockDefinitions(url: string, watcher: LockWatcher): Promise<DefinitionsLock> {
  if (isPostgres(url)) return PostgresLock.take(url, watcher);
  try {
    return lockSqlite(sqlitePath(url));
  } catch (error) {
    if (error instanceof InUseError) throw error;
    throw new Error(`cannot use the database ${shownUrl(url)}: ${reasonOf(error)}`);
  }
}

class InUseError extends Error {}

/** The lock stands beside the file itself, wherever the path leads to it from. */
function lockSqlite(path: string): DefinitionsLock {
  const file = canonicalPath(path);
  const links = statSync(file, { throwIfNoEntry: false })?.nlink ?? 1;
  if (links > 1) {
    throw new Error(
      `the file has ${links} names (hard links), and SQLite would lose changes made by another: keep one`,
    );
  }
  const lock = lockFile(`${file}.definitions-lock`);
  if (lock === null) throw new InUseError(`the database file ${path} is in use by another Warren`);
  return { release: async () => lock.release() };
}
