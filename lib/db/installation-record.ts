/** What a database says of the installation that it belongs to. Looking changes nothing, not even its tables. */
import type { SqlQueryable } from '@prisma/driver-adapter-utils';
import { adapterOf, type Database } from './database.ts';
import { isPostgres, reasonOf, shownUrl, sqlitePath } from './database-url.ts';
import { hasContent } from './sqlite-file.ts';

export interface DatabaseFacts {
  /** True when no broker has ever put a definition into the database. */
  isEmpty: boolean;
  /** The installation's identity; null: the database is older than identities, or empty. */
  identity: string | null;
  /** The URL that everything in the database has moved to, without a password; null: it is here. */
  movedTo: string | null;
  /** Names of the logs of the queues in the database. */
  queueLogs: ReadonlySet<string>;
}

const NOTHING: DatabaseFacts = { isEmpty: true, identity: null, movedTo: null, queueLogs: new Set() };

/** Throws an Error with one clear line when the database cannot be read. */
export async function readDatabaseFacts(url: string): Promise<DatabaseFacts> {
  try {
    if (!isPostgres(url) && !hasContent(sqlitePath(url))) return NOTHING;
    const connection = await adapterOf(url).connect();
    try {
      return await facts(connection, isPostgres(url));
    } finally {
      await connection.dispose();
    }
  } catch (error) {
    throw new Error(`cannot use the database ${shownUrl(url)}: ${reasonOf(error)}`);
  }
}

async function facts(connection: SqlQueryable, postgres: boolean): Promise<DatabaseFacts> {
  const ask = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
  const tables = postgres
    ? await ask('SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()')
    : await ask(`SELECT name FROM sqlite_master WHERE type = 'table'`);
  const rowsOf = async (table: string, columns: string) =>
    tables.some(([name]) => name === table) ? ask(`SELECT ${columns} FROM "${table}"`) : [];
  const [installation] = await rowsOf('Installation', '"identity", "movedTo"');
  const [vhosts, users, queues] = [
    await rowsOf('Vhost', 'count(*)'),
    await rowsOf('User', 'count(*)'),
    await rowsOf('Queue', '"logId"'),
  ];
  return {
    isEmpty: Number(vhosts[0]?.[0] ?? 0) + Number(users[0]?.[0] ?? 0) === 0,
    identity: installation === undefined ? null : String(installation[0]),
    movedTo: typeof installation?.[1] === 'string' ? installation[1] : null,
    queueLogs: new Set(queues.map(([name]) => String(name))),
  };
}

/** When it resolves the database says so after a power cut too. */
export async function putIdentity(database: Database, identity: string): Promise<void> {
  const { installation } = database;
  await database.$transaction([installation.deleteMany(), installation.create({ data: { identity } })]);
}
