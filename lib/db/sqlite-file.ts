/**
 * The files of a SQLite database: they hold hashes, so they are for their owner's eyes only. Where the bundler is told
 * to ignore a path it would take any file for a part of the program, and pack the whole project.
 */
import { chmodSync, closeSync, existsSync, lstatSync, openSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/**
 * Makes the database's file where there is none, and closes what there is to others. SQLite makes the files beside it
 * alike.
 */
export function openToOwnerOnly(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', OWNER_ONLY));
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) {
    const mode = statSync(/* turbopackIgnore: true */ file, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & OTHERS) !== 0) mend(file);
  }
}

/** The path without symbolic links, also where the last one leads to a file that is not there yet. */
export function canonicalPath(path: string): string {
  if (existsSync(path)) return realpathSync.native(path);
  const folder = realpathSync.native(dirname(path));
  const own = join(folder, basename(path));
  if (lstatSync(own, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return canonicalPath(resolve(/* turbopackIgnore: true */ folder, readlinkSync(own)));
  }
  return own;
}

/** Takes rights on the file from others; some file systems know none, and a file there is used as it is. */
function mend(file: string): void {
  try {
    chmodSync(file, OWNER_ONLY);
  } catch {}
}

/** False: nothing was ever written to it. */
export function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
