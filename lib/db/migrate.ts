/** Applies migrations and keeps Prisma's own table of them, so that Prisma's tools still understand the database. */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';

/** Any number that all Warrens share and nobody else uses. */
const ADVISORY_LOCK = 72_707_369;

/** Each migration in one transaction, in the order of their names; returns the names of those that were applied. */
export async function migrate(factory: SqlDriverAdapterFactory, folder: string): Promise<string[]> {
  const isPostgres = factory.provider === 'postgres';
  const connection = await factory.connect();
  try {
    await connection.executeScript(createTable(isPostgres));
    const { rows } = await connection.queryRaw({
      sql: 'SELECT "migration_name", "checksum" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL',
      args: [],
      argTypes: [],
    });
    const done = new Map(rows.map((row) => [String(row[0]), String(row[1])]));
    const names = (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
    const unknown = [...done.keys()].find((name) => !names.includes(name));
    if (unknown) throw new Error(`the database was made by a newer version (unknown migration ${unknown})`);
    const applied: string[] = [];
    for (const name of names) {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      if (done.get(name) === checksum) continue;
      if (done.has(name)) throw new Error(`migration ${name} was edited after it was applied`);
      await connection.executeScript(transaction(isPostgres, sql, record(isPostgres, name, checksum)));
      applied.push(name);
    }
    return applied;
  } finally {
    await connection.dispose();
  }
}

function createTable(isPostgres: boolean): string {
  const time = isPostgres ? 'TIMESTAMPTZ' : 'DATETIME';
  const now = isPostgres ? 'now()' : 'current_timestamp';
  return `CREATE TABLE IF NOT EXISTS "_prisma_migrations" ("id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" ${time}, "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" ${time}, "started_at" ${time} NOT NULL DEFAULT ${now}, "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`;
}

function record(isPostgres: boolean, name: string, checksum: string): string {
  const now = isPostgres ? 'now()' : String(Date.now());
  return `INSERT INTO "_prisma_migrations" ("id","checksum","finished_at","migration_name","started_at","applied_steps_count") VALUES ('${randomUUID()}','${checksum}',${now},'${name}',${now},1);`;
}

// On SQLite foreign keys go off before BEGIN, else a table rebuild inside the transaction would delete child rows.
function transaction(isPostgres: boolean, sql: string, last: string): string {
  return isPostgres
    ? `BEGIN; SELECT pg_advisory_xact_lock(${ADVISORY_LOCK});\n${sql}\n;${last} COMMIT;`
    : `PRAGMA foreign_keys=OFF; BEGIN IMMEDIATE;\n${sql}\n;${last} COMMIT; PRAGMA foreign_keys=ON;`;
}
