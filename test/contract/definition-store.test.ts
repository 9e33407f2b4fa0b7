import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Database, openDatabase } from '../../lib/db/database.ts';
import { PrismaDefinitionStore } from '../../lib/db/definitions.ts';
import { type DefinitionStoreFixture, definitionStoreContract } from './definition-store.ts';
import { hasPostgres, type Postgres, startPostgres } from './postgres.ts';

class DatabaseFixture implements DefinitionStoreFixture {
  private readonly url: string;
  private readonly folder: string | null;
  private database: Database | null = null;

  constructor(url: string, folder: string | null) {
    this.url = url;
    this.folder = folder;
  }

  async open(): Promise<PrismaDefinitionStore> {
    this.database = await openDatabase(this.url, 'prisma/migrations');
    return new PrismaDefinitionStore(this.database);
  }

  async close(): Promise<void> {
    await this.database?.$disconnect();
    this.database = null;
  }

  async destroy(): Promise<void> {
    if (this.folder !== null) await rm(this.folder, { recursive: true });
  }
}

definitionStoreContract('PrismaDefinitionStore on SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-definitions-'));
  return new DatabaseFixture(`file:${join(folder, 'test.db')}`, folder);
});

let postgres: Promise<Postgres> | undefined;
afterAll(async () => {
  await (await postgres)?.stop();
});

definitionStoreContract(
  'PrismaDefinitionStore on PostgreSQL',
  async () => {
    postgres ??= startPostgres();
    const { url } = await postgres;
    const database = await openDatabase(url, 'prisma/migrations');
    await database.$transaction([
      database.vhost.deleteMany(),
      database.user.deleteMany(),
      database.permission.deleteMany(),
      database.topicPermission.deleteMany(),
      database.policy.deleteMany(),
      database.globalParameter.deleteMany(),
      database.exchange.deleteMany(),
      database.queue.deleteMany(),
      database.binding.deleteMany(),
      database.deletedLog.deleteMany(),
    ]);
    await database.$disconnect();
    return new DatabaseFixture(url, null);
  },
  hasPostgres() ? undefined : 'no PostgreSQL is installed, and WARREN_TEST_POSTGRES_URL names none',
);
