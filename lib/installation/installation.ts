/** A data directory and a database at a start: whether they may be used together, and what makes that lasting. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from '../db/database.ts';
import { isPostgres, shownUrl, sqlitePath } from '../db/database-url.ts';
import { putIdentity, readDatabaseFacts } from '../db/installation-record.ts';
import { canonicalPath } from '../db/sqlite-file.ts';
import { belonging } from './belonging.ts';
import { giveIdentity, readDirectoryFacts } from './directory-record.ts';

export interface Installation {
  identity: string;
  /** Writes down that the two belong together, where that is not written yet. */
  settle(database: Database): Promise<void>;
}

export interface Halves {
  dataDir: string;
  databaseUrl: string;
  /** The pair that the user wants to go on with although they do not belong together; null: none. */
  pairToJoin: string | null;
}

/** Changes nothing. Throws an Error with one clear line when the two do not belong together. */
export async function recognise({ dataDir, databaseUrl, pairToJoin }: Halves): Promise<Installation> {
  const database = await readDatabaseFacts(databaseUrl);
  const directory = readDirectoryFacts(dataDir, database.identity);
  const isDefault =
    !isPostgres(databaseUrl) && canonicalPath(sqlitePath(databaseUrl)) === canonicalPath(join(dataDir, 'warren.db'));
  const found = belonging({ ...directory, path: dataDir }, { ...database, url: shownUrl(databaseUrl), isDefault });
  if (!found.belong && found.pair !== pairToJoin) {
    const nevertheless = 'To go on with these two, with what belongs to no queue set aside';
    throw new Error(`${found.reason}. ${nevertheless}, start once with WARREN_JOIN=${found.pair}`);
  }
  // Two that are joined by force are no longer the halves of what either was.
  const identity = (found.belong ? found.identity : null) ?? randomUUID();
  return {
    identity,
    async settle(opened) {
      if (directory.identity === identity && database.identity === identity && !directory.isDraft) return;
      await giveIdentity(dataDir, identity, () => putIdentity(opened, identity));
    },
  };
}
