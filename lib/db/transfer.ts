/**
 * Moves everything that is in one database to another, empty one: table by table, whatever the tables are, all or nothing.
 * Nothing refers to anything (prisma/models.prisma), so the order of the tables does not matter.
 */
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SqlQueryable } from '@prisma/driver-adapter-utils';
import { comparableText, plainValue } from './column-kind.ts';
import { adapterOf } from './database.ts';
import { isPostgres, reasonOf, shownUrl, sqlitePath } from './database-url.ts';
import { type DefinitionsLock, lockDefinitions } from './definitions-lock.ts';
import { readDatabaseFacts } from './installation-record.ts';
import { migrate } from './migrate.ts';
import { canonicalPath, hasContent, openToOwnerOnly } from './sqlite-file.ts';
import { type Table, type Tables, tablesOf } from './tables.ts';

export interface Transfer {
  from: string;
  to: string;
  /** The folder with one folder of migrations a provider. */
  migrationsDir: string;
  /** Rows that are in memory at a time; 500 when absent. */
  batchRows?: number;
  /** Called with each table when its rows are in the target and were read there again. */
  moved: (table: string, rows: number) => void;
}

const BATCH_ROWS = 500;

/**
 * While the transfer runs no Warren can use either database. When it resolves all is in the target, compared row by
 * row, and the source says where it has moved to; else the reason why it does not is returned, in place of null. Throws
 * an Error with one clear line; then the target has no rows, as before.
 */
export async function transferDatabase(transfer: Transfer): Promise<string | null> {
  const { from, to, migrationsDir } = transfer;
  if (placeOf(from) === placeOf(to)) throw new Error('source and target are the same database');
  const locks: DefinitionsLock[] = [];
  let lost: string | null = null;
  const watcher = {
    log: () => {},
    lost: (text: string) => {
      lost = text;
    },
  };
  try {
    for (const url of [from, to]) locks.push(await lockDefinitions(url, watcher));
    await requireSource(from);
    await requireEmpty(to);
    for (const url of [from, to]) await bringUpToDate(url, migrationsDir);
    await copyAll(transfer, () => {
      if (lost !== null) throw new Error(lost);
    });
    return await markMoved(from, shownUrl(to)).then(() => null, reasonOf);
  } finally {
    for (const lock of locks.reverse()) await lock.release();
  }
}

function placeOf(url: string): string {
  if (!isPostgres(url)) return canonicalPath(sqlitePath(url));
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

async function requireSource(url: string): Promise<void> {
  const { isEmpty, movedTo } = await readDatabaseFacts(url);
  if (movedTo !== null) throw new Error(`the database ${shownUrl(url)} has moved to ${movedTo} already: move that one`);
  if (isEmpty) throw new Error(`the database ${shownUrl(url)} is empty: there is nothing to move`);
}

async function requireEmpty(url: string): Promise<void> {
  if (!isPostgres(url) && !hasContent(sqlitePath(url))) return;
  const refuse = (text: string): never => {
    throw new Error(`the database ${shownUrl(url)} is not empty (${text}): name one that is`);
  };
  await connected(url, async (connection) => {
    const tables = tablesOf(connection);
    for (const table of await tables.list()) {
      if (await tables.hasRows(table)) refuse(`the table ${table.name} has rows`);
    }
  });
}

async function bringUpToDate(url: string, migrationsDir: string): Promise<void> {
  if (!isPostgres(url)) openToOwnerOnly(sqlitePath(url));
  try {
    await migrate(adapterOf(url), join(migrationsDir, isPostgres(url) ? 'postgresql' : 'sqlite'));
  } catch (error) {
    throw new Error(`cannot use the database ${shownUrl(url)}: ${reasonOf(error)}`);
  }
}

/** In one transaction of the target; what was read in the source and what is read in the target must be the same. */
async function copyAll({ from, to, batchRows = BATCH_ROWS, moved }: Transfer, stillMine: () => void): Promise<void> {
  await transaction(from, (source) =>
    transaction(to, async (target) => {
      const [sources, targets] = [tablesOf(source), tablesOf(target)];
      const theirs = new Map((await targets.list()).map((table) => [table.name, table]));
      for (const table of await sources.list()) {
        const other = theirs.get(table.name);
        requireSameColumns(table, other);
        const read = new RowSum(table);
        for await (const rows of sources.rows(table, batchRows)) {
          stillMine();
          read.add(rows);
          await targets.insert(
            other,
            rows.map((row) => row.map((value, at) => plainOf(table, at, value))),
          );
        }
        const last = await sources.lastNumber(table);
        if (last !== null) await targets.setLastNumber(other, last);
        const written = await sumOf(targets, other, batchRows);
        if (read.text !== written.text) {
          throw new Error(
            `the rows of ${table.name} came out otherwise than they went in (${read.text}, ${written.text})`,
          );
        }
        moved(table.name, read.count);
      }
      stillMine();
    }),
  );
}

function requireSameColumns(table: Table, other: Table | undefined): asserts other is Table {
  const shape = ({ columns }: Table): string => columns.map(({ name, kind }) => `${name} ${kind}`).join(', ');
  if (other === undefined) throw new Error(`the target has no table ${table.name}: it is none of this version's`);
  if (shape(table) === shape(other)) return;
  throw new Error(`the table ${table.name} differs: ${shape(table)} in the source, ${shape(other)} in the target`);
}

function plainOf({ columns }: Table, at: number, value: unknown): unknown {
  return plainValue((columns[at] as Table['columns'][number]).kind, value);
}

async function sumOf(tables: Tables, table: Table, batchRows: number): Promise<RowSum> {
  const sum = new RowSum(table);
  for await (const rows of tables.rows(table, batchRows)) sum.add(rows);
  return sum;
}

/** A sum over rows: their number and what is in them, whatever the order in which they come. */
class RowSum {
  count = 0;
  private readonly table: Table;
  private sum = 0n;

  constructor(table: Table) {
    this.table = table;
  }

  add(rows: readonly unknown[][]): void {
    for (const row of rows) {
      const texts = this.table.columns.map(({ kind }, at) => comparableText(kind, row[at]));
      const digest = createHash('sha256').update(texts.join('\0')).digest('hex');
      this.sum = BigInt.asUintN(128, this.sum + BigInt(`0x${digest}`));
      this.count++;
    }
  }

  get text(): string {
    return `${this.count} rows, ${this.sum.toString(16)}`;
  }
}

/** Marks the source as moved: it keeps its rows, and nobody starts on it by mistake. */
async function markMoved(url: string, to: string): Promise<void> {
  const { identity } = await readDatabaseFacts(url);
  await transaction(url, async (source) => {
    await source.executeRaw({ sql: 'DELETE FROM "Installation"', args: [], argTypes: [] });
    const columns = ['identity', 'movedTo'].map((name) => ({ name, kind: 'string' as const }));
    await tablesOf(source).insert({ name: 'Installation', columns }, [[identity ?? randomUUID(), to]]);
  });
}

async function connected<T>(url: string, use: (connection: SqlQueryable) => Promise<T>): Promise<T> {
  const connection = await adapterOf(url).connect();
  try {
    return await use(connection);
  } finally {
    await connection.dispose();
  }
}

async function transaction(url: string, use: (connection: SqlQueryable) => Promise<void>): Promise<void> {
  const connection = await adapterOf(url).connect();
  try {
    const begun = await connection.startTransaction();
    const end = (sql: string) => begun.executeRaw({ sql, args: [], argTypes: [] });
    try {
      await use(begun);
      await end('COMMIT');
      await begun.commit();
    } catch (error) {
      await end('ROLLBACK').catch(() => {});
      await begun.rollback();
      throw error;
    }
  } finally {
    await connection.dispose();
  }
}
