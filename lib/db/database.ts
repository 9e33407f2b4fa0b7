/** One database, SQLite or PostgreSQL, by URL. The only room that speaks Prisma. */
import { join } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { withAnyText } from './any-text.ts';
import type { PrismaClient } from './generated/sqlite/client.ts';
import { migrate } from './migrate.ts';
import { withPreparedStatements } from './prepared-statements.ts';

/** Both clients come from one schema; SQLite's is the subset that the application may use. */
export type Database = PrismaClient;

/** Opens the database and brings its tables up to date. `migrationsDir` holds one folder a provider. */
export async function openDatabase(url: string, migrationsDir: string): Promise<Database> {
  const isPostgres = /^postgres(ql)?:/.test(url);
  const adapter = isPostgres ? withAnyText(new PrismaPg({ connectionString: url })) : sqliteAdapter(url);
  await migrate(adapter, join(migrationsDir, isPostgres ? 'postgresql' : 'sqlite'));
  if (isPostgres) {
    const { PrismaClient: PostgresClient } = await import('./generated/postgresql/client.ts');
    return new PostgresClient({ adapter }) as unknown as Database;
  }
  const { PrismaClient: SqliteClient } = await import('./generated/sqlite/client.ts');
  const database = new SqliteClient({ adapter });
  // WAL lets readers go on while one writes; FULL makes a commit that has returned survive a power cut.
  await database.$queryRawUnsafe('PRAGMA journal_mode = WAL');
  await database.$queryRawUnsafe('PRAGMA synchronous = FULL');
  return database;
}

function sqliteAdapter(url: string): SqlDriverAdapterFactory {
  return withPreparedStatements(new PrismaBetterSqlite3({ url }));
}
