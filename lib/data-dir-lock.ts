/** One process a data directory. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type FileLock, lockFile } from './db/file-lock.ts';

const OWNER_ONLY = 0o700;

/**
 * Throws an Error with one clear line when another process has the directory. A directory that is not there is made, for
 * its owner alone. Returns the function that lets go, and takes away again a directory that has got nothing since.
 */
export function lockDataDir(dataDir: string): () => void {
  const pidFile = join(dataDir, 'pid');
  const made: string[] = [];
  let lock: FileLock | null = null;
  try {
    makeFolder(dataDir, made);
    lock = lockFile(join(dataDir, 'lock.db'));
    // Only to say who has the lock; nobody decides by it.
    if (lock !== null) writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    lock?.release();
    removeFolders(made);
    throw new Error(
      `cannot use the data directory ${dataDir}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (lock === null) throw new Error(`the data directory ${dataDir} is in use by another Warren${holder(pidFile)}`);
  const locked = lock;
  return () => {
    rmSync(pidFile, { force: true });
    locked.release();
    removeFolders(made);
  };
}

/** Makes a folder; those above it are as the system makes them. `made`: the folders that were not there, innermost first. */
function makeFolder(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  for (let above = folder; !existsSync(above); above = dirname(above)) made.push(above);
  mkdirSync(dirname(folder), { recursive: true });
  // Another process may have been quicker.
  if (mkdirSync(folder, { recursive: true, mode: OWNER_ONLY }) === undefined) made.length = 0;
}

/** Removes the folders; one that is not empty stays. */
function removeFolders(folders: readonly string[]): void {
  try {
    for (const folder of folders) rmdirSync(folder);
  } catch {}
}

function holder(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
