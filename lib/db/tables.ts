/** The tables of a database by its own catalogue: whatever is in it, also what later versions add. */
import type { ArgType, SqlQueryable } from '@prisma/driver-adapter-utils';
import { type ColumnKind, kindOf } from './column-kind.ts';

export interface Column {
  name: string;
  kind: ColumnKind;
}

export interface Table {
  name: string;
  /** The columns in the order of their names. */
  columns: Column[];
}

/** What the two kinds of databases do differently. */
export interface Tables {
  list(): Promise<Table[]>;
  hasRows(table: Table): Promise<boolean>;
  /** All rows of the table, each once with its values in the order of the columns, in batches of at most `size`. */
  rows(table: Table, size: number): AsyncGenerator<unknown[][]>;
  /** Values in the order of the columns. */
  insert(table: Table, rows: readonly unknown[][]): Promise<void>;
  /** The number that was given last to a row of a table that numbers its rows; null: it does not, or gave none. */
  lastNumber(table: Table): Promise<number | null>;
  setLastNumber(table: Table, last: number): Promise<void>;
}

/** Both databases bound the values of a statement, SQLite more. */
const VALUES_MAX = 30_000;

export function tablesOf(connection: SqlQueryable): Tables {
  return connection.provider === 'sqlite' ? new SqliteTables(connection) : new PostgresTables(connection);
}

abstract class CatalogueTables implements Tables {
  protected readonly connection: SqlQueryable;

  constructor(connection: SqlQueryable) {
    this.connection = connection;
  }

  abstract rows(table: Table, size: number): AsyncGenerator<unknown[][]>;
  abstract lastNumber(table: Table): Promise<number | null>;
  abstract setLastNumber(table: Table, last: number): Promise<void>;
  /** Rows of table, column and type. */
  protected abstract catalogue(): Promise<unknown[][]>;
  protected abstract placeholder(index: number): string;

  async list(): Promise<Table[]> {
    const tables = new Map<string, Column[]>();
    for (const [table, column, type] of (await this.catalogue()).map((row) => row.map(String))) {
      if (table === undefined || column === undefined || type === undefined) continue;
      // How far the tables are brought is each database's own matter.
      if (table === '_prisma_migrations') continue;
      const kind = kindOf(type);
      if (kind === undefined) throw new Error(`${table}.${column} is of a type that is not known: ${type}`);
      const columns = tables.get(table);
      if (columns) columns.push({ name: column, kind });
      else tables.set(table, [{ name: column, kind }]);
    }
    return [...tables]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, columns]) => ({ name, columns: columns.sort((a, b) => (a.name < b.name ? -1 : 1)) }));
  }

  async hasRows({ name }: Table): Promise<boolean> {
    return (await this.ask(`SELECT 1 FROM ${quoted(name)} LIMIT 1`)).length > 0;
  }

  async insert({ name, columns }: Table, rows: readonly unknown[][]): Promise<void> {
    const rowsMax = Math.floor(VALUES_MAX / columns.length);
    for (let from = 0; from < rows.length; from += rowsMax) {
      const some = rows.slice(from, from + rowsMax);
      const values = some.map((_, row) => {
        const marks = columns.map((_column, at) => this.placeholder(row * columns.length + at + 1));
        return `(${marks.join(', ')})`;
      });
      await this.connection.executeRaw({
        sql: `INSERT INTO ${quoted(name)} (${this.names(columns)}) VALUES ${values.join(', ')}`,
        args: some.flat(),
        argTypes: some.flatMap(() => columns.map(({ kind }): ArgType => ({ scalarType: kind, arity: 'scalar' }))),
      });
    }
  }

  protected names(columns: readonly Column[]): string {
    return columns.map(({ name }) => quoted(name)).join(', ');
  }

  protected async ask(sql: string, args: unknown[] = []): Promise<unknown[][]> {
    const argTypes = args.map(
      (arg): ArgType => ({ scalarType: typeof arg === 'string' ? 'string' : 'int', arity: 'scalar' }),
    );
    return (await this.connection.queryRaw({ sql, args, argTypes })).rows;
  }
}

class SqliteTables extends CatalogueTables {
  async *rows({ name, columns }: Table, size: number): AsyncGenerator<unknown[][]> {
    let last: unknown = null;
    for (;;) {
      const after = last === null ? '' : 'WHERE rowid > ?';
      const sql = `SELECT rowid, ${this.names(columns)} FROM ${quoted(name)} ${after} ORDER BY rowid LIMIT ${size}`;
      const found = await this.ask(sql, last === null ? [] : [last]);
      if (found.length === 0) return;
      last = found.at(-1)?.[0];
      yield found.map(([, ...values]) => values);
    }
  }

  async lastNumber({ name }: Table): Promise<number | null> {
    const has = await this.ask(`SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'`);
    if (has.length === 0) return null;
    const [row] = await this.ask('SELECT seq FROM sqlite_sequence WHERE name = ?', [name]);
    return row === undefined ? null : Number(row[0]);
  }

  async setLastNumber({ name }: Table, last: number): Promise<void> {
    await this.ask('DELETE FROM sqlite_sequence WHERE name = ? RETURNING 1', [name]);
    // As a number of JavaScript it would be kept as a real one.
    await this.ask('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?) RETURNING 1', [name, BigInt(last)]);
  }

  protected catalogue(): Promise<unknown[][]> {
    return this.ask(
      `SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c
       WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    );
  }

  protected placeholder(): string {
    return '?';
  }
}

/** In a transaction: a cursor lives in one. */
class PostgresTables extends CatalogueTables {
  async *rows({ name, columns }: Table, size: number): AsyncGenerator<unknown[][]> {
    await this.run(`DECLARE rows CURSOR FOR SELECT ${this.names(columns)} FROM ${quoted(name)}`);
    try {
      for (;;) {
        const found = await this.ask(`FETCH ${size} FROM rows`);
        if (found.length === 0) return;
        yield found;
      }
    } finally {
      await this.run('CLOSE rows');
    }
  }

  async lastNumber(table: Table): Promise<number | null> {
    const sequence = await this.sequenceOf(table);
    if (sequence === null) return null;
    const [row] = await this.ask(`SELECT CASE WHEN is_called THEN last_value END FROM ${sequence}`);
    return row?.[0] == null ? null : Number(row[0]);
  }

  async setLastNumber(table: Table, last: number): Promise<void> {
    const sequence = await this.sequenceOf(table);
    if (sequence !== null) await this.ask('SELECT setval($1::regclass, $2)', [sequence, last]);
  }

  protected catalogue(): Promise<unknown[][]> {
    return this.ask(
      `SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
       JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`,
    );
  }

  protected placeholder(index: number): string {
    return `$${index}`;
  }

  /** The sequence that numbers the table's rows, as SQL names it. */
  private async sequenceOf({ name, columns }: Table): Promise<string | null> {
    for (const column of columns) {
      const [row] = await this.ask('SELECT pg_get_serial_sequence($1, $2)', [quoted(name), column.name]);
      if (typeof row?.[0] === 'string') return row[0];
    }
    return null;
  }

  private async run(sql: string): Promise<void> {
    await this.connection.executeRaw({ sql, args: [], argTypes: [] });
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
