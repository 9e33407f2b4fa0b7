/**
 * Keeps the statements of a SQLite connection prepared. Prisma's adapter prepares one for every call, and its memory is
 * outside of the heap until the garbage collector comes: ten thousand declared queues would hold a hundred megabytes.
 */
import type { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type BetterSqlite3 from 'better-sqlite3';

/** More kinds of statements than the application has, but for those whose rows vary in number. */
const STATEMENTS_MAX = 200;

/** A statement as the adapter uses it. */
interface BoundStatement {
  readonly reader: boolean;
  run(): BetterSqlite3.RunResult;
  columns(): BetterSqlite3.ColumnDefinition[];
  raw(): { all(): unknown[] };
}

/** The same factory, whose adapters use prepared statements again. */
export function withPreparedStatements(factory: PrismaBetterSqlite3): PrismaBetterSqlite3 {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const holder = adapter as unknown as { client: BetterSqlite3.Database };
    holder.client = preparing(holder.client);
    return adapter;
  };
  return factory;
}

/** The connection, with another `prepare`. */
function preparing(connection: BetterSqlite3.Database): BetterSqlite3.Database {
  const prepare = connection.prepare.bind(connection);
  const statements = new Map<string, BetterSqlite3.Statement<unknown[]>>();
  connection.prepare = ((sql: string) => {
    // A kept statement would go on naming the columns that a table had.
    if (/^\s*(create|alter|drop)\b/i.test(sql)) statements.clear();
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = prepare(sql);
      const [oldest] = statements.keys();
      if (oldest !== undefined && statements.size >= STATEMENTS_MAX) statements.delete(oldest);
    } else {
      statements.delete(sql);
    }
    // The one that was used last comes last.
    statements.set(sql, statement);
    return bindable(statement);
  }) as typeof connection.prepare;
  return connection;
}

/** A statement that takes its values with each run; the library's own `bind` would be for good. */
function bindable(
  statement: BetterSqlite3.Statement<unknown[]>,
): BoundStatement & { bind(args: unknown[]): BoundStatement } {
  let values: unknown[] = [];
  return {
    reader: statement.reader,
    bind(args) {
      values = args;
      return this;
    },
    run: () => statement.run(...values),
    columns: () => statement.columns(),
    raw: () => ({ all: () => statement.raw().all(...values) }),
  };
}
