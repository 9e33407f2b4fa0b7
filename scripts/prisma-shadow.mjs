/** Driver adapters that let the schema engine replay migrations in a scratch database. */
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

/**
 * @typedef {import('@prisma/driver-adapter-utils').SqlDriverAdapter} Connection
 * @typedef {import('@prisma/driver-adapter-utils').SqlMigrationAwareDriverAdapterFactory} Factory
 */

/**
 * @param {string} provider
 * @param {string | undefined} url
 * @returns {Factory}
 */
export function shadowFactory(provider, url) {
  if (provider === 'sqlite') {
    return replaced(new PrismaBetterSqlite3({ url: url ?? ':memory:' }), 'connectToShadowDb', scratchSqlite);
  }
  if (provider === 'postgresql' && url) {
    const connecting = replaced(new PrismaPg({ connectionString: url }), 'connect', () => connectPostgres(url));
    return replaced(connecting, 'connectToShadowDb', () => scratchPostgres(url));
  }
  throw new Error('name a provider: sqlite, or postgresql with DATABASE_URL set to a server to work on');
}

async function scratchSqlite() {
  const connection = await new PrismaBetterSqlite3({ url: ':memory:' }).connect();
  // The engine replays a whole migration through executeRaw, which takes one statement only; executeScript takes many.
  return replaced(connection, 'executeRaw', async (query) => {
    if (query.args.length > 0) return connection.executeRaw(query);
    await connection.executeScript(query.sql);
    return 0;
  });
}

/** @param {string} url */
async function connectPostgres(url) {
  const connection = await new PrismaPg({ connectionString: url }).connect();
  // PostgreSQL's own type "char" occurs in the engine's questions about the catalogue, and the adapter refuses it.
  return replaced(connection, 'queryRaw', async (query) => {
    try {
      return await connection.queryRaw(query);
    } catch (error) {
      if (!isUnsupportedType(error)) throw error;
      const text = { text: query.sql, values: query.args, rowMode: /** @type {const} */ ('array') };
      const { fields, rows } = await connection.underlyingDriver().query(text);
      return {
        columnNames: fields.map(({ name }) => name),
        columnTypes: fields.map(({ dataTypeID }) => COLUMN_TYPES[dataTypeID] ?? ColumnTypeEnum.Text),
        rows,
      };
    }
  });
}

/** @param {unknown} error */
function isUnsupportedType(error) {
  const cause = /** @type {{ kind?: string } | undefined} */ (error instanceof Error ? error.cause : undefined);
  return cause?.kind === 'UnsupportedNativeDataType';
}

/** By the number that PostgreSQL's catalogue gives a type; all others are read as text.
 * @type {Record<number, (typeof ColumnTypeEnum)[keyof typeof ColumnTypeEnum]>} */
const COLUMN_TYPES = {
  16: ColumnTypeEnum.Boolean,
  20: ColumnTypeEnum.Int64,
  21: ColumnTypeEnum.Int32,
  23: ColumnTypeEnum.Int32,
  26: ColumnTypeEnum.Int64,
  700: ColumnTypeEnum.Float,
  701: ColumnTypeEnum.Double,
  1000: ColumnTypeEnum.BooleanArray,
  1002: ColumnTypeEnum.TextArray,
  1003: ColumnTypeEnum.TextArray,
  1005: ColumnTypeEnum.Int32Array,
  1007: ColumnTypeEnum.Int32Array,
  1009: ColumnTypeEnum.TextArray,
  1016: ColumnTypeEnum.Int64Array,
};

/** @param {string} serverUrl */
async function scratchPostgres(serverUrl) {
  const admin = await new PrismaPg({ connectionString: serverUrl }).connect();
  const database = `shadow_${crypto.randomUUID()}`;
  await admin.executeScript(`CREATE DATABASE "${database}"`);
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  const connection = await connectPostgres(url.href);
  return replaced(connection, 'dispose', async () => {
    await connection.dispose();
    await admin.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`);
    await admin.dispose();
  });
}

/**
 * The same object but for one method.
 * @template {object} T
 * @template {keyof T} K
 * @param {T} target
 * @param {K} method
 * @param {T[K]} replacement
 * @returns {T}
 */
function replaced(target, method, replacement) {
  return new Proxy(target, {
    get(object, key) {
      if (key === method) return replacement;
      const value = Reflect.get(object, key);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}
