// @ts-nocheck: the schema engine has no types of its own.
// Driver adapters that let the schema engine replay migrations in a scratch database.
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

export function shadowFactory(provider, url) {
  return provider === 'sqlite'
    ? new ShadowSqlite({ url: url ?? 'file::memory:' })
    : new ShadowPostgres({ connectionString: url });
}

// The engine replays a whole migration through executeRaw, which takes one statement only; executeScript takes many.
class ShadowSqlite extends PrismaBetterSqlite3 {
  async connectToShadowDb() {
    const connection = await super.connectToShadowDb();
    return intercept(connection, 'executeRaw', async (query) =>
      query.args.length > 0 ? connection.executeRaw(query) : (await connection.executeScript(query.sql), 0),
    );
  }
}

class ShadowPostgres extends PrismaPg {
  async connect() {
    return withInternalTypes(await super.connect());
  }

  async connectToShadowDb() {
    const admin = await super.connect();
    const database = `shadow_${crypto.randomUUID()}`;
    await admin.executeScript(`CREATE DATABASE "${database}"`);
    const url = new URL(this.config.connectionString);
    url.pathname = `/${database}`;
    const connection = withInternalTypes(await new PrismaPg({ connectionString: url.href }).connect());
    return intercept(connection, 'dispose', async () => {
      await connection.dispose();
      await admin.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`);
      await admin.dispose();
    });
  }
}

// PostgreSQL's own type "char" (18) occurs in the engine's questions about the catalogue, and the adapter refuses it.
function withInternalTypes(connection) {
  return intercept(connection, 'queryRaw', async (query) => {
    try {
      return await connection.queryRaw(query);
    } catch (error) {
      if (error?.cause?.kind !== 'UnsupportedNativeDataType') throw error;
      const driver = connection.underlyingDriver();
      const { fields, rows } = await driver.query({ text: query.sql, values: query.args, rowMode: 'array' });
      const columnTypes = fields.map(({ dataTypeID }) => COLUMN_TYPES[dataTypeID] ?? ColumnTypeEnum.Text);
      return { columnNames: fields.map(({ name }) => name), columnTypes, rows };
    }
  });
}

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

function intercept(target, method, replacement) {
  return new Proxy(target, {
    get(object, key) {
      if (key === method) return replacement;
      const value = object[key];
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}
