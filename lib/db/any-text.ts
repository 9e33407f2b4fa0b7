/**
 * PostgreSQL's texts hold every character but U+0000, which names in AMQP may have. U+0000 goes there as ESC 0, and each ESC
 * as ESC e, so that no text is misread.
 */
import type { SqlDriverAdapterFactory, SqlQuery, SqlQueryable } from '@prisma/driver-adapter-utils';

const ESC = '\x1b';

export function escapeNul(text: string): string {
  if (!text.includes('\0') && !text.includes(ESC)) return text;
  return text.replaceAll(ESC, `${ESC}e`).replaceAll('\0', `${ESC}0`);
}

export function unescapeNul(text: string): string {
  if (!text.includes(ESC)) return text;
  return text.replaceAll(`${ESC}0`, '\0').replaceAll(`${ESC}e`, ESC);
}

/** The same factory, whose adapters write and read any text. */
export function withAnyText(factory: SqlDriverAdapterFactory): SqlDriverAdapterFactory {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (level) => taking(await start(level));
    return taking(adapter);
  };
  return factory;
}

function taking<Q extends SqlQueryable>(queryable: Q): Q {
  const [queryRaw, executeRaw] = [queryable.queryRaw.bind(queryable), queryable.executeRaw.bind(queryable)];
  queryable.queryRaw = async (query) => {
    const result = await queryRaw(withEscapedArgs(query));
    for (const row of result.rows) {
      for (let i = 0; i < row.length; i++) {
        const value = row[i];
        if (isText(value)) row[i] = unescapeNul(value);
      }
    }
    return result;
  };
  queryable.executeRaw = (query) => executeRaw(withEscapedArgs(query));
  return queryable;
}

function withEscapedArgs(query: SqlQuery): SqlQuery {
  return { ...query, args: query.args.map((value) => (isText(value) ? escapeNul(value) : value)) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
