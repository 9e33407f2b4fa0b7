import { once } from 'node:events';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, describe, expect, test } from 'vitest';
import { lockDefinitions } from '../../lib/db/definitions-lock.ts';
import { definitionsLockContract, unwatched } from './definitions-lock.ts';
import { hasPostgres, type Postgres, startPostgres } from './postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'warren-lock-'));
let count = 0;
const newFolder = (): string => {
  const made = join(folder, String(++count));
  mkdirSync(made);
  return made;
};
let postgres: Promise<Postgres> | undefined;
const noPostgres = hasPostgres() ? undefined : 'no PostgreSQL is installed, and WARREN_TEST_POSTGRES_URL names none';
const postgresUrl = async (): Promise<string> => {
  postgres ??= startPostgres();
  return (await postgres).url;
};
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await (await postgres)?.stop();
});

definitionsLockContract('SQLite, whose file is there', async () => {
  const file = join(newFolder(), 'w.db');
  writeFileSync(file, '');
  return `file:${file}`;
});
definitionsLockContract('SQLite, whose file is not there yet', async () => `file:${join(newFolder(), 'w.db')}`);
definitionsLockContract('PostgreSQL', postgresUrl, noPostgres);

describe('a SQLite file is locked whatever path leads to it', () => {
  type Path = (file: string, made: string) => string;
  const paths: [string, Path][] = [
    ['itself', (file) => file],
    ['a relative path', (file) => relative(process.cwd(), file)],
    ['a path with dots', (file, made) => `${made}/../${made.split('/').at(-1)}/./${file.split('/').at(-1)}`],
    [
      'a symbolic link to the file',
      (file, made) => {
        symlinkSync(file, join(made, 'link.db'));
        return join(made, 'link.db');
      },
    ],
    [
      'a symbolic link to a symbolic link in another folder',
      (file, made) => {
        symlinkSync(relative(made, file), join(made, 'one.db'));
        symlinkSync(join(made, 'one.db'), join(newFolder(), 'two.db'));
        return join(folder, String(count), 'two.db');
      },
    ],
    [
      'a symbolic link to the folder',
      (file, made) => {
        const link = join(newFolder(), 'folder');
        symlinkSync(made, link);
        return join(link, file.split('/').at(-1) as string);
      },
    ],
  ];
  for (const isThere of [true, false]) {
    test.each(paths)(`%s${isThere ? '' : ', when it is not there yet'}`, async (_, path) => {
      const made = newFolder();
      const file = join(made, 'w.db');
      if (isThere) writeFileSync(file, '');
      const other = path(file, made);
      const lock = await lockDefinitions(`file:${file}`, unwatched);
      await expect(lockDefinitions(`file:${other}`, unwatched)).rejects.toThrow('is in use by another Warren');
      await lock.release();
      await (await lockDefinitions(`file:${other}`, unwatched)).release();
    });
  }

  test('a file of two names is refused: SQLite keeps its changes beside each name', async () => {
    const made = newFolder();
    writeFileSync(join(made, 'w.db'), '');
    linkSync(join(made, 'w.db'), join(made, 'hard.db'));
    for (const name of ['w.db', 'hard.db']) {
      const refused = lockDefinitions(`file:${join(made, name)}`, unwatched);
      await expect(refused).rejects.toThrow(/^cannot use the database file:.*: the file has 2 names/);
    }
  });

  test('a lock of what was never made leaves nothing', async () => {
    const made = newFolder();
    await (await lockDefinitions(`file:${join(made, 'w.db')}`, unwatched)).release();
    expect(readdirSync(made)).toEqual([]);
  });
});

describe.skipIf(noPostgres)('the connection that holds the lock in PostgreSQL', () => {
  /** Ends the connection that has the lock, as a failing network does; resolves when the server has none any more. */
  async function cut(url: string): Promise<void> {
    const connection = await new PrismaPg({ connectionString: url }).connect();
    const sql = `SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name LIKE 'warren %'`;
    await connection.queryRaw({ sql, args: [], argTypes: [] });
    await connection.dispose();
  }

  test('is made again when it is lost, and said', async () => {
    const url = await postgresUrl();
    const said: string[] = [];
    const lost: string[] = [];
    const watcher = {
      log: (level: string, text: string) => void said.push(`${level} ${text}`),
      lost: (text: string) => void lost.push(text),
    };
    const lock = await lockDefinitions(url, watcher);
    for (let times = 1; times <= 2; times++) {
      await cut(url);
      await expect.poll(() => said.length, { timeout: 10_000 }).toBe(2 * times);
    }
    expect(said[0]).toMatch(/^warning the connection that holds the lock on the definitions in postgresql:.* is lost$/);
    expect(said[1]).toMatch(/^info the lock .* is taken again$/);
    await expect(lockDefinitions(url, unwatched)).rejects.toThrow('is in use by another Warren');
    await lock.release();
    await (await lockDefinitions(url, unwatched)).release();
    expect(lost).toEqual([]);
  }, 30_000);

  test('is made again when the server has not missed the lost one', async () => {
    const url = new URL(await postgresUrl());
    const { hostname, port } = url;
    const clients: Socket[] = [];
    // A way to the server whose far end stays open when the near one is gone.
    const way = createServer((client) => {
      clients.push(client);
      const server = createConnection(Number(port), hostname);
      client.on('data', (chunk) => server.write(chunk)).on('error', () => {});
      server.on('data', (chunk) => client.write(chunk)).on('end', () => client.end());
      server.on('error', () => {});
    });
    way.listen(0, '127.0.0.1');
    await once(way, 'listening');
    url.port = String((way.address() as AddressInfo).port);
    const said: string[] = [];
    const lock = await lockDefinitions(url.href, {
      log: (_, text) => void said.push(text),
      lost: () => said.push('lost'),
    });
    for (const client of clients) client.destroy();
    await expect.poll(() => said.length, { timeout: 10_000 }).toBe(2);
    expect(said[1]).toMatch(/^the lock .* is taken again$/);
    await lock.release();
    way.close();
  }, 30_000);

  test('is told when somebody else was quicker', async () => {
    const url = await postgresUrl();
    const lost: string[] = [];
    const lock = await lockDefinitions(url, { log: () => {}, lost: (text) => void lost.push(text) });
    // A session of the test, which waits at the server for its turn: it comes before the next attempt.
    const connection = await new PrismaPg({ connectionString: url }).connect();
    const client = await connection.underlyingDriver().connect();
    const taken = client.query('SELECT pg_advisory_lock($1, $2)', [0x57_41_52_52, 1]);
    await cut(url);
    await taken;
    await expect.poll(() => lost.length, { timeout: 10_000 }).toBe(1);
    expect(lost[0]).toMatch(/^another Warren has taken the definitions in postgresql:.*: this one stops$/);
    client.release(true);
    await connection.dispose();
    await lock.release();
  }, 30_000);
});

test.skipIf(noPostgres)('a database that cannot be reached is refused with one line without its password', async () => {
  const refused = lockDefinitions('postgresql://warren:geheim@127.0.0.1:1/db?application_name=geheim', unwatched);
  await expect(refused).rejects.toThrow(
    /^cannot use the database postgresql:\/\/warren@127\.0\.0\.1:1\/db: connect ECONNREFUSED 127\.0\.0\.1:1$/,
  );
});
