/** Data directories and databases that belong together, and those that do not: what a start does with real ones. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { connect } from 'amqplib';
import { afterAll, describe, expect, test } from 'vitest';
import { type Booted, bootWith, settingsFor } from './booted.ts';
import { hasPostgres, type Postgres, startPostgres } from './contract/postgres.ts';
import { scratchFolder } from './lib/db/scratch-database.ts';
import { putOlderDirectory } from './older-directory.ts';

type Settings = Record<string, string>;

let postgres: Promise<Postgres> | undefined;
let databases = 0;
afterAll(async () => (await postgres)?.stop());

const noPostgres = hasPostgres() ? undefined : 'no PostgreSQL is installed, and WARREN_TEST_POSTGRES_URL names none';

/** An empty database of its own. */
async function newPostgres(): Promise<string> {
  postgres ??= startPostgres();
  const url = new URL((await postgres).url);
  const name = `w${process.pid}_${++databases}`;
  await rows(url.href, `CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  return url.href;
}

async function rows(url: string, sql: string): Promise<unknown[][]> {
  const connection = await new PrismaPg({ connectionString: url }).connect();
  try {
    return (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
  } finally {
    await connection.dispose();
  }
}

/** Everything below a folder: rights, and for files what is in them. */
function contentOf(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  if (!existsSync(folder)) return found;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const rights = (statSync(path).mode & 0o777).toString(8);
    const content = entry.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
    found.set(path, `${rights} ${content}`);
  }
  return found;
}

async function tablesOf(url: string): Promise<string> {
  const tables = await rows(
    url,
    `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
  );
  const contents = await Promise.all(
    tables.map(([name]) => rows(url, `SELECT "${name}"::text FROM "${name}" ORDER BY 1`)),
  );
  return JSON.stringify([tables, contents]);
}

async function publish({ WARREN_AMQP_PORT }: Settings, queue: string, count: number): Promise<void> {
  const client = await connect(`amqp://guest:guest@127.0.0.1:${WARREN_AMQP_PORT}`);
  const channel = await client.createConfirmChannel();
  await channel.assertQueue(queue, { durable: true });
  for (let i = 0; i < count; i++) channel.sendToQueue(queue, Buffer.from(`message ${i}`), { persistent: true });
  await channel.waitForConfirms();
  await client.close();
}

/** Null: there is no such queue. */
async function countIn({ WARREN_AMQP_PORT }: Settings, queue: string): Promise<number | null> {
  const client = await connect(`amqp://guest:guest@127.0.0.1:${WARREN_AMQP_PORT}`);
  const channel = await client.createChannel();
  channel.on('error', () => {});
  const counted = await channel.checkQueue(queue).catch(() => null);
  await client.close();
  return counted?.messageCount ?? null;
}

async function up(settings: Settings): Promise<Booted> {
  const booted = await bootWith(settings);
  expect(booted.complaints.join('\n')).toBe('');
  expect(booted.exitCode).toBeNull();
  return booted;
}

/** An installation with persistent messages in the queue `orders`, stopped. */
async function installation(more: Settings = {}): Promise<Settings> {
  const settings = { ...(await settingsFor(join(scratchFolder(), 'data'))), ...more };
  const running = await up(settings);
  await publish(settings, 'orders', 3);
  await running.stop();
  return settings;
}

const dataDirOf = (settings: Settings): string => settings.WARREN_DATA_DIR as string;

/** Refused with one line; returns the pair that it names. */
async function refused(settings: Settings, reason: RegExp): Promise<string> {
  const booted = await bootWith(settings);
  expect(booted.exitCode).toBe(1);
  expect(booted.complaints).toEqual([expect.stringMatching(reason)]);
  return /WARREN_JOIN=(\S+)$/.exec(booted.complaints[0] ?? '')?.[1] as string;
}

describe('a start with two that do not belong together is refused, and changes nothing on either side', () => {
  test('a directory of an installation and an empty file', async () => {
    const settings = await installation();
    const before = contentOf(dataDirOf(settings));
    const elsewhere = scratchFolder();
    const empty = { ...settings, DATABASE_URL: `file:${join(elsewhere, 'new.db')}` };
    const pair = await refused(
      empty,
      /^the data directory .* is that of an installation .* and the database file:.*new\.db is empty: set/,
    );
    expect(pair).toMatch(/^[0-9a-f]{8}\+empty$/);
    expect(contentOf(dataDirOf(settings))).toEqual(before);
    expect(readdirSync(elsewhere)).toEqual([]);
    const again = await up(settings);
    expect(await countIn(settings, 'orders')).toBe(3);
    await again.stop();
  });

  test('the halves of two installations, both ways', async () => {
    const [one, two] = [await installation(), await installation()];
    const fileOf = (settings: Settings): string => `file:${join(dataDirOf(settings), 'warren.db')}`;
    const before = [contentOf(dataDirOf(one)), contentOf(dataDirOf(two))];
    await refused(
      { ...one, DATABASE_URL: fileOf(two) },
      /belongs to installation \w{8} and the database .* to \w{8}: set/,
    );
    await refused(
      { ...two, DATABASE_URL: fileOf(one) },
      /belongs to installation \w{8} and the database .* to \w{8}: set/,
    );
    expect([contentOf(dataDirOf(one)), contentOf(dataDirOf(two))]).toEqual(before);
  });

  test('a new directory and a database with queues: the directory is not even made', async () => {
    const settings = await installation();
    const before = contentOf(dataDirOf(settings));
    const above = scratchFolder();
    const fresh = {
      ...settings,
      WARREN_DATA_DIR: join(above, 'a', 'new'),
      DATABASE_URL: `file:${join(dataDirOf(settings), 'warren.db')}`,
    };
    await refused(
      fresh,
      /with 1 durable queue and the data directory .*new is new and has no messages: set WARREN_DATA_DIR/,
    );
    expect(readdirSync(above)).toEqual([]);
    expect(contentOf(dataDirOf(settings))).toEqual(before);
  });

  test('a database that was copied without its messages', async () => {
    const settings = await installation();
    const copy = join(scratchFolder(), 'copy');
    mkdirSync(copy);
    cpSync(join(dataDirOf(settings), 'warren.db'), join(copy, 'warren.db'));
    const before = contentOf(copy);
    await refused({ ...settings, WARREN_DATA_DIR: copy }, /has no messages: set WARREN_DATA_DIR/);
    expect(contentOf(copy)).toEqual(before);
  });

  test('a directory whose own database is gone', async () => {
    const settings = await installation();
    renameSync(join(dataDirOf(settings), 'warren.db'), join(dataDirOf(settings), 'lost.db'));
    await refused(settings, /and the database file:.*warren\.db is empty: set DATABASE_URL/);
    expect(existsSync(join(dataDirOf(settings), 'warren.db'))).toBe(false);
    renameSync(join(dataDirOf(settings), 'lost.db'), join(dataDirOf(settings), 'warren.db'));
    const again = await up(settings);
    expect(await countIn(settings, 'orders')).toBe(3);
    await again.stop();
  });

  test.skipIf(noPostgres)('a directory of an installation and an empty PostgreSQL', async () => {
    const settings = await installation();
    const url = await newPostgres();
    const [before, tables] = [contentOf(dataDirOf(settings)), await tablesOf(url)];
    await refused({ ...settings, DATABASE_URL: url }, /and the database postgresql:.* is empty: set DATABASE_URL/);
    expect(contentOf(dataDirOf(settings))).toEqual(before);
    expect(await tablesOf(url)).toBe(tables);
  });

  test.skipIf(noPostgres)(
    'a new directory, or that of another installation, and a PostgreSQL with queues',
    async () => {
      const url = await newPostgres();
      const settings = await installation({ DATABASE_URL: url });
      const other = await installation();
      const [before, tables] = [contentOf(dataDirOf(other)), await tablesOf(url)];
      const above = scratchFolder();
      await refused({ ...settings, WARREN_DATA_DIR: join(above, 'new') }, /is new and has no messages/);
      await refused({ ...other, DATABASE_URL: url }, /belongs to installation/);
      expect([readdirSync(above), contentOf(dataDirOf(other)), await tablesOf(url)]).toEqual([[], before, tables]);
      const again = await up(settings);
      expect(await countIn(settings, 'orders')).toBe(3);
      await again.stop();
    },
  );
});

describe('a start that is asked to go on with two that do not belong together', () => {
  test('sets aside what belongs to no queue, and what was the other half is refused from then on', async () => {
    const settings = await installation();
    const dataDir = dataDirOf(settings);
    const [log] = readdirSync(join(dataDir, 'messages/durable'));
    const joined = { ...settings, DATABASE_URL: `file:${join(scratchFolder(), 'new.db')}` };
    const pair = await refused(joined, /is empty/);
    await refused({ ...joined, WARREN_JOIN: 'old+empty' }, /is empty/);
    const running = await bootWith({ ...joined, WARREN_JOIN: pair, WARREN_ORPHANED_DAYS: '7' });
    expect(running.exitCode).toBeNull();
    expect(running.complaints).toEqual([
      expect.stringMatching(
        / warning a log of \d+ bytes belongs to no queue or exchange of the database: set aside in .*orphaned until 20/,
      ),
    ]);
    expect(readdirSync(join(dataDir, 'messages/orphaned'))).toEqual([
      expect.stringMatching(new RegExp(`^${log}-\\d{8}T\\d{6}Z$`)),
    ]);
    expect(await countIn(settings, 'orders')).toBeNull();
    await running.stop();
    await (await up(joined)).stop();
    const back = await refused(settings, /belongs to installation/);
    // Who turns back finds everything where it was.
    const turned = await up({ ...settings, WARREN_JOIN: back });
    expect(await countIn(settings, 'orders')).toBe(3);
    expect(readdirSync(join(dataDir, 'messages/orphaned'))).toEqual([]);
    await turned.stop();
  });
});

describe('an installation from before there were identities', () => {
  test('gets one with its next start, once, and is refused with another database from then on', async () => {
    const settings = await settingsFor(join(scratchFolder(), 'data'));
    const dataDir = dataDirOf(settings);
    putOlderDirectory(dataDir);
    for (let starts = 0; starts < 2; starts++) {
      const running = await up(settings);
      expect(await countIn(settings, 'orders')).toBe(3);
      await running.stop();
    }
    expect(readFileSync(join(dataDir, 'identity'), 'utf8')).toMatch(/^[0-9a-f-]{36}\n$/);
    expect((statSync(join(dataDir, 'warren.db')).mode & 0o777).toString(8)).toBe('600');
    await refused({ ...settings, DATABASE_URL: `file:${join(scratchFolder(), 'new.db')}` }, /is empty/);
  });
});

describe('two processes on one database', () => {
  test('the second is refused, whatever the data directories', async () => {
    const settings = await installation();
    const running = await up(settings);
    const DATABASE_URL = `file:${join(dataDirOf(settings), 'warren.db')}`;
    const second = { ...(await settingsFor(join(scratchFolder(), 'second'))), DATABASE_URL };
    await refused(second, /^the database file .* is in use by another Warren$/);
    await running.stop();
    await refused(second, /is new and has no messages/);
  });

  test.skipIf(noPostgres)(
    'in PostgreSQL too; and a Warren that was killed does not keep its successor out',
    async () => {
      const url = await newPostgres();
      const settings = await installation({ DATABASE_URL: url });
      const running = await up(settings);
      const second = { ...(await settingsFor(join(scratchFolder(), 'second'))), DATABASE_URL: url };
      await refused(second, /^the database postgresql:.* is in use by another Warren \(from 127\.0\.0\.1, since /);
      running.child.kill('SIGKILL');
      await running.stop();
      const again = await up(settings);
      expect(await countIn(settings, 'orders')).toBe(3);
      await again.stop();
    },
  );

  test.skipIf(noPostgres)('a Warren that loses the lock to another one ends with one line', async () => {
    const url = await newPostgres();
    const settings = await installation({ DATABASE_URL: url });
    const running = await up(settings);
    const gone = new Promise((resolve) => running.child.once('exit', resolve));
    const connection = await new PrismaPg({ connectionString: url }).connect();
    const client = await connection.underlyingDriver().connect();
    // It waits for its turn, and so comes before the next attempt of the one that had the lock.
    const taken = client.query('SELECT pg_advisory_lock($1, $2)', [0x57_41_52_52, 1]);
    await rows(
      url,
      `SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name LIKE 'warren %'`,
    );
    await taken;
    expect(await gone).toBe(1);
    expect(running.complaints.at(-1)).toMatch(
      / error another Warren has taken the definitions in postgresql:.*: this one stops$/,
    );
    client.release(true);
    await connection.dispose();
  });
});

test('the log of a queue that was deleted is removed when it comes back with a power cut, and not set aside', async () => {
  const settings = await installation();
  const dataDir = dataDirOf(settings);
  const durable = join(dataDir, 'messages/durable');
  const kept = join(scratchFolder(), 'durable');
  cpSync(durable, kept, { recursive: true });
  const running = await up(settings);
  const client = await connect(`amqp://guest:guest@127.0.0.1:${settings.WARREN_AMQP_PORT}`);
  client.on('error', () => {});
  await (await client.createChannel()).deleteQueue('orders');
  running.child.kill('SIGKILL');
  await running.stop();
  cpSync(kept, durable, { recursive: true });
  expect(readdirSync(durable)).toHaveLength(1);
  await (await up(settings)).stop();
  expect(readdirSync(durable)).toEqual([]);
  expect(existsSync(join(dataDir, 'messages/orphaned'))).toBe(false);
});

/** `npm run migrate-database`: what it printed, and its exit code. */
function migrate(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/migrate-database.mjs', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: '' },
  });
  return { code: status, out: stdout, err: stderr };
}

describe.skipIf(noPostgres)('an installation whose database moves to PostgreSQL and back', () => {
  test('goes on with its messages at each step, and is refused with what it has left', async () => {
    const settings = await installation();
    const file = `file:${join(dataDirOf(settings), 'warren.db')}`;
    const url = await newPostgres();
    const there = migrate('--from', file, '--to', url);
    expect([there.code, there.err]).toEqual([0, '']);
    expect(there.out).toMatch(/ 1 {2}Queue\n/);
    await refused(settings, /^the database file:.*warren\.db has moved to postgresql:.*: set DATABASE_URL to that/);
    const moved = { ...settings, DATABASE_URL: url };
    const running = await up(moved);
    expect(await countIn(moved, 'orders')).toBe(3);
    await publish(moved, 'since', 2);
    expect(migrate('--from', url, '--to', `file:${join(scratchFolder(), 'w.db')}`)).toMatchObject({
      ...{
        code: 1,
        err: expect.stringMatching(/^Nothing has moved: the database postgresql:.* is in use by another Warren .*\n$/),
      },
    });
    await running.stop();
    const back = `file:${join(scratchFolder(), 'back.db')}`;
    expect(migrate('--from', url, '--to', back).code).toBe(0);
    await refused(moved, /^the database postgresql:.* has moved to file:.*back\.db: set DATABASE_URL to that/);
    const returned = { ...settings, DATABASE_URL: back };
    const again = await up(returned);
    expect([await countIn(returned, 'orders'), await countIn(returned, 'since')]).toEqual([3, 2]);
    expect(existsSync(join(dataDirOf(settings), 'messages/orphaned'))).toBe(false);
    await again.stop();
  });

  test('the command says in one line what it cannot do, and no password', async () => {
    const settings = await installation();
    const file = `file:${join(dataDirOf(settings), 'warren.db')}`;
    const [unreachable, nowhere] = [
      migrate('--from', file, '--to', 'postgresql://w:geheim@127.0.0.1:1/w'),
      migrate('--from', file),
    ];
    expect(unreachable).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Nothing has moved: .*ECONNREFUSED.*\n$/),
    });
    expect(unreachable.out + unreachable.err).not.toContain('geheim');
    expect(nowhere).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^Nothing has moved: say where to: .*\n$/),
    });
    await (await up(settings)).stop();
  });
});
