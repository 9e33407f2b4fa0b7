/**
 * What a data directory says of the installation that it belongs to: DATA_DIR/identity, a UUID in a line. While directory
 * and database are given a new identity it stands in a draft beside the file, which counts as soon as the database has it.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export interface DirectoryFacts {
  /** The installation's identity; null: the directory is older than identities, or new. */
  identity: string | null;
  /** True when the identity is that of a draft: the last start was killed while it wrote the identity. */
  isDraft: boolean;
  /** True when the directory has a key that signs cookies: somebody could sign in once. */
  hasKey: boolean;
  /** True when the directory has the default SQLite database, whether that is the one in use or not. */
  hasOwnDatabase: boolean;
  /** Names of the logs of durable queues and exchanges in the directory. */
  logs: readonly string[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n?$/;

const fileIn = (dataDir: string): string => join(dataDir, 'identity');
const draftIn = (dataDir: string): string => join(dataDir, 'identity.new');

/**
 * `ofDatabase`: the identity that the database has. Changes nothing.
 *
 * @throws Error of one line when the file holds no identity.
 */
export function readDirectoryFacts(dataDir: string, ofDatabase: string | null): DirectoryFacts {
  const draft = read(draftIn(dataDir));
  const isDraft = draft !== null && draft === ofDatabase;
  const identity = isDraft ? draft : read(fileIn(dataDir));
  const logs = namesIn(join(dataDir, 'messages/durable'));
  const hasKey = existsSync(join(dataDir, 'secret.key'));
  return { identity, isDraft, hasKey, hasOwnDatabase: existsSync(join(dataDir, 'warren.db')), logs };
}

/**
 * Gives the directory its identity: `ofDatabase` puts the same one into the database. After a kill in between, both
 * have it or to none.
 */
export async function giveIdentity(dataDir: string, identity: string, ofDatabase: () => Promise<void>): Promise<void> {
  writeFileSync(draftIn(dataDir), `${identity}\n`, { mode: 0o600, flush: true });
  syncFolder(dataDir);
  await ofDatabase();
  renameSync(draftIn(dataDir), fileIn(dataDir));
  syncFolder(dataDir);
}

function read(path: string): string | null {
  if (!existsSync(path)) return null;
  const text = readFileSync(path, 'utf8');
  if (UUID.test(text)) return text.trim();
  // A draft may be torn: it was to be the first thing on the disk.
  if (path.endsWith('.new')) return null;
  throw new Error(`${path} holds no identity: bring it back from a backup, or remove it if there is none`);
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
