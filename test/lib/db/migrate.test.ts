import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { migrate } from '../../../lib/db/migrate.ts';
import { scratchFolder } from './scratch-database.ts';

let folder: string;
let migrations: string;
let adapter: PrismaBetterSqlite3;

beforeEach(() => {
  folder = scratchFolder();
  migrations = join(folder, 'migrations');
  mkdirSync(migrations);
  adapter = new PrismaBetterSqlite3({ url: `file:${join(folder, 'test.db')}` });
});

function addMigration(name: string, sql: string): void {
  mkdirSync(join(migrations, name), { recursive: true });
  writeFileSync(join(migrations, name, 'migration.sql'), sql);
}

async function rows(sql: string): Promise<unknown[][]> {
  const connection = await adapter.connect();
  try {
    return (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
  } finally {
    await connection.dispose();
  }
}

test('migrations are applied in the order of their names, once', async () => {
  addMigration('2_second', `INSERT INTO "T" VALUES ('second');`);
  addMigration('1_first', `CREATE TABLE "T" ("v" TEXT); INSERT INTO "T" VALUES ('first');`);
  expect(await migrate(adapter, migrations)).toEqual(['1_first', '2_second']);
  expect(await migrate(adapter, migrations)).toEqual([]);
  expect(await rows('SELECT "v" FROM "T"')).toEqual([['first'], ['second']]);
});

test('a migration that fails leaves nothing behind and is tried again', async () => {
  addMigration('1_first', `CREATE TABLE "T" ("v" TEXT);`);
  addMigration('2_second', `INSERT INTO "T" VALUES ('half'); INSERT INTO "Absent" VALUES (1);`);
  await expect(migrate(adapter, migrations)).rejects.toThrow();
  expect(await rows('SELECT "v" FROM "T"')).toEqual([]);
  addMigration('2_second', `INSERT INTO "T" VALUES ('whole');`);
  expect(await migrate(adapter, migrations)).toEqual(['2_second']);
  expect(await rows('SELECT "v" FROM "T"')).toEqual([['whole']]);
});

test('a table that is rebuilt keeps the rows that refer to it', async () => {
  addMigration(
    '1_first',
    `CREATE TABLE "Parent" ("id" TEXT PRIMARY KEY);
     CREATE TABLE "Child" ("parent" TEXT REFERENCES "Parent" ("id") ON DELETE CASCADE);
     INSERT INTO "Parent" VALUES ('p'); INSERT INTO "Child" VALUES ('p');`,
  );
  await migrate(adapter, migrations);
  addMigration(
    '2_rebuild',
    `CREATE TABLE "new_Parent" ("id" TEXT PRIMARY KEY, "note" TEXT);
     INSERT INTO "new_Parent" ("id") SELECT "id" FROM "Parent";
     DROP TABLE "Parent"; ALTER TABLE "new_Parent" RENAME TO "Parent";`,
  );
  await migrate(adapter, migrations);
  expect(await rows('SELECT * FROM "Child"')).toEqual([['p']]);
});

test('an edited migration is refused', async () => {
  addMigration('1_first', 'CREATE TABLE "T" ("v" TEXT);');
  await migrate(adapter, migrations);
  addMigration('1_first', 'CREATE TABLE "T" ("v" BLOB);');
  await expect(migrate(adapter, migrations)).rejects.toThrow('migration 1_first was edited after it was applied');
});

test('a database of a newer version is refused', async () => {
  addMigration('1_first', 'CREATE TABLE "T" ("v" TEXT);');
  await migrate(adapter, migrations);
  const older = join(folder, 'older');
  mkdirSync(older);
  await expect(migrate(adapter, older)).rejects.toThrow('newer version (unknown migration 1_first)');
});

test('the migrations of this version apply to an empty database', () => {
  const names = (provider: string): string[] =>
    readdirSync(`prisma/migrations/${provider}`).filter((name) => /^\d/.test(name));
  expect(names('sqlite').length).toBeGreaterThan(0);
  expect(names('postgresql').length).toBeGreaterThan(0);
  cpSync('prisma/migrations/sqlite', migrations, { recursive: true });
  return expect(migrate(adapter, migrations)).resolves.toEqual(names('sqlite'));
});
