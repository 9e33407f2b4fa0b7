// Driver adapters that let the schema engine replay migrations in a scratch database.
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaPg } from '@prisma/adapter-pg';

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
  async connectToShadowDb() {
    const admin = await super.connect();
    const database = `shadow_${crypto.randomUUID()}`;
    await admin.executeScript(`CREATE DATABASE "${database}"`);
    const url = new URL(this.config.connectionString);
    url.pathname = `/${database}`;
    const connection = await new PrismaPg({ connectionString: url.href }).connect();
    return intercept(connection, 'dispose', async () => {
      await connection.dispose();
      await admin.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`);
      await admin.dispose();
    });
  }
}

function intercept(target, method, replacement) {
  return new Proxy(target, {
    get(object, key) {
      if (key === method) return replacement;
      const value = object[key];
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}
