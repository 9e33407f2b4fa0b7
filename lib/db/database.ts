/** One database, SQLite or PostgreSQL, by URL. The only room that speaks Prisma. */
import { join } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { withAnyText } from './any-text.ts';
import { isPostgres, reasonOf, shownUrl, sqlitePath } from './database-url.ts';
import type { PrismaClient } from './generated/sqlite/client.ts';
import { migrate } from './migrate.ts';
import { withPreparedStatements } from './prepared-statements.ts';
import { openToOwnerOnly } from './sqlite-file.ts';

/** Both clients come from one schema; SQLite's is the subset that the application may use. */
export type Database = PrismaClient;

/** For statements of one's own; it makes no file. */
export function adapterOf(url: string): SqlDriverAdapterFactory {
  if (isPostgres(url)) return withAnyText(new PrismaPg({ connectionString: url }));
  return withPreparedStatements(new PrismaBetterSqlite3({ url, fileMustExist: true }));
}

/**
 * Opens the database and brings its tables up to date. `migrationsDir` holds one folder a provider. Throws an Error with
 * one clear line, and leaves no connection then.
 */
export async function openDatabase(url: string, migrationsDir: string): Promise<Database> {
  try {
    if (!isPostgres(url)) openToOwnerOnly(sqlitePath(url));
    const adapter = adapterOf(url);
    await migrate(adapter, join(migrationsDir, isPostgres(url) ? 'postgresql' : 'sqlite'));
    if (isPostgres(url)) {
      const { PrismaClient: PostgresClient } = await import('./generated/postgresql/client.ts');
      return new PostgresClient({ adapter }) as unknown as Database;
    }
    const { PrismaClient: SqliteClient } = await import('./generated/sqlite/client.ts');
    return await tuned(new SqliteClient({ adapter }));
  } catch (error) {
    throw new Error(`cannot use the database ${shownUrl(url)}: ${reasonOf(error)}`);
  }
}

async function tuned(database: Database): Promise<Database> {
  try {
    // WAL lets readers go on while one writes; FULL makes a commit that has returned survive a power cut.
    await database.$queryRawUnsafe('PRAGMA journal_mode = WAL');
    await database.$queryRawUnsafe('PRAGMA synchronous = FULL');
    return database;
  } catch (error) {
    await database.$disconnect();
    throw error;
  }
}
