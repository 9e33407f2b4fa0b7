/** Moving a database: from SQLite to PostgreSQL and back it is the same, cell by cell, whatever is in it. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { AuditRecords } from '../../lib/db/audit.ts';
import { openDatabase } from '../../lib/db/database.ts';
import { PrismaDefinitionStore } from '../../lib/db/definitions.ts';
import { lockDefinitions } from '../../lib/db/definitions-lock.ts';
import { putIdentity, readDatabaseFacts } from '../../lib/db/installation-record.ts';
import { SessionRecords } from '../../lib/db/sessions.ts';
import { transferDatabase } from '../../lib/db/transfer.ts';
import { writeJson } from '../../lib/json/write-json.ts';
import { unwatched } from './definitions-lock.ts';
import { hasPostgres, type Postgres, startPostgres } from './postgres.ts';
import { ALL, BINDING, QUEUE, USER } from './sample-definitions.ts';

const folder = mkdtempSync(join(tmpdir(), 'warren-transfer-'));
let count = 0;
let postgres: Promise<Postgres> | undefined;
const noPostgres = hasPostgres() ? undefined : 'no PostgreSQL is installed, and WARREN_TEST_POSTGRES_URL names none';
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await (await postgres)?.stop();
});

const newFile = (): string => `file:${join(folder, `${++count}.db`)}`;

async function newPostgres(): Promise<string> {
  postgres ??= startPostgres();
  const url = new URL((await postgres).url);
  const name = `t${process.pid}_${++count}`;
  await run(url.href, `CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  return url.href;
}

async function run(url: string, sql: string): Promise<unknown[][]> {
  const connection = await new PrismaPg({ connectionString: url }).connect();
  try {
    return (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
  } finally {
    await connection.dispose();
  }
}

const move = (from: string, to: string, more: Partial<Parameters<typeof transferDatabase>[0]> = {}) =>
  transferDatabase({ from, to, migrationsDir: 'prisma/migrations', moved: () => {}, ...more });

const ODD = [
  '',
  'a\0b\0\0',
  '\x1b0\x1be\x1b',
  `'"\`; DROP TABLE "Queue"; --`,
  'очередь 🐇 e\u0301',
  ' \r\n\t',
  '\\N \\x00 %s $1',
];

/** A database with something of every kind. */
async function filled(): Promise<string> {
  const url = newFile();
  const database = await openDatabase(url, 'prisma/migrations');
  const store = new PrismaDefinitionStore(database);
  await store.apply(ALL);
  const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  await store.apply(
    ODD.flatMap((name, i) => [
      { put: 'queue', value: { ...QUEUE, name, id: `odd-${i}`, arguments: every } },
      { put: 'binding', value: { ...BINDING, source: name, destination: name, routingKey: name } },
      { put: 'user', value: { ...USER, name: `u${name}`, tags: [name, 'administrator'] } },
      { put: 'global-parameter', value: { name, value: { b: [1.5, name], a: null } } },
    ]),
  );
  await store.apply([{ delete: 'queue', key: { vhost: QUEUE.vhost, name: QUEUE.name } }]);
  const audit = new AuditRecords(database);
  for (const [i, object] of ODD.entries()) {
    const at = new Date(Date.UTC(2026, 0, 1) + i * 100 + i);
    await audit.add({
      at,
      user: 'ann',
      remoteAddress: null,
      action: 'queue.put',
      vhost: '/',
      object,
      detail: '',
      outcome: 'ok',
      after: object,
    });
  }
  const whole = {
    tokenHash: 'a',
    user: 'ann',
    createdAt: new Date(0),
    expiresAt: new Date('2199-12-31T23:59:59.999Z'),
  };
  await new SessionRecords(database).add({ ...whole, remoteAddress: '::1', userAgent: ODD[1] as string });
  await putIdentity(database, '11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa');
  await database.$disconnect();
  return url;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Every cell of a SQLite database as it is stored, with its type. */
function cellsOf(url: string): Record<string, string[]> {
  const file = new Sqlite(url.slice('file:'.length), { readonly: true });
  const texts = (sql: string): string[] => (file.prepare(sql).raw().all() as unknown[][]).map((row) => String(row[0]));
  const tables = texts(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '_prisma_migrations' ORDER BY 1`,
  );
  const cells = tables.map((table): [string, string[]] => {
    const columns = texts(`SELECT name FROM pragma_table_info('${table}') ORDER BY 1`);
    const cell = columns.map((column) => quoted(column)).map((one) => `typeof(${one}) || hex(${one}) || quote(${one})`);
    return [table, texts(`SELECT ${cell.join(` || ' ' || `)} FROM ${quoted(table)}`).sort()];
  });
  file.close();
  return Object.fromEntries(cells);
}

/** Moved by it, the source says so, and nothing else has changed in it. */
function unmoved(cells: Record<string, string[]>): Record<string, string[]> {
  return { ...cells, Installation: [] };
}

describe.skipIf(noPostgres)(`from SQLite to PostgreSQL and back${noPostgres ? `: ${noPostgres}` : ''}`, () => {
  test.each([1, 3, 500])(
    'everything is the same, in batches of %i rows',
    async (batchRows) => {
      const [first, between, last] = [await filled(), await newPostgres(), newFile()];
      const before = cellsOf(first);
      expect(Object.values(before).filter((rows) => rows.length > 0).length).toBeGreaterThan(12);
      const counted: [string, number][] = [];
      const more = { batchRows, moved: (table: string, rows: number) => void counted.push([table, rows]) };
      expect(await move(first, between, more)).toBeNull();
      expect(Object.fromEntries(counted)).toEqual(
        Object.fromEntries(
          Object.entries(before)
            .filter(([table]) => table !== 'sqlite_sequence')
            .map(([table, rows]) => [table, rows.length]),
        ),
      );
      expect(unmoved(cellsOf(first))).toEqual(unmoved(before));
      expect(await move(between, last, { batchRows })).toBeNull();
      expect(cellsOf(last)).toEqual(before);
    },
    30_000,
  );

  test('the definitions are read as they were, and the numbers of the audit go on', async () => {
    const [first, between] = [await filled(), await newPostgres()];
    const source = await openDatabase(first, 'prisma/migrations');
    const before = await new PrismaDefinitionStore(source).load();
    const audit = await new AuditRecords(source).find({}, 100);
    await source.$disconnect();
    await move(first, between);
    const target = await openDatabase(between, 'prisma/migrations');
    const sorted = (of: object) =>
      writeJson(
        Object.entries(of).map(([kind, list]) => [kind, list.map((entry: unknown) => writeJson(entry)).sort()]),
      );
    expect(sorted(await new PrismaDefinitionStore(target).load())).toBe(sorted(before));
    const records = new AuditRecords(target);
    expect(await records.find({}, 100)).toEqual(audit);
    await records.add({
      at: new Date(),
      user: 'ann',
      remoteAddress: null,
      action: 'x',
      vhost: null,
      object: null,
      detail: '',
      outcome: 'ok',
    });
    expect((await records.find({}, 1))[0]?.id).toBe((audit[0]?.id ?? 0) + 1);
    await target.$disconnect();
  }, 30_000);

  /** As if a later version had made one more table, with a column of each kind. */
  function laterMigrations(): string {
    const dir = join(folder, `migrations-${++count}`);
    cpSync('prisma/migrations', dir, { recursive: true });
    const types = {
      sqlite: ['INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT', 'BIGINT', 'REAL', 'DATETIME', 'BLOB', 'JSONB'],
      postgresql: ['SERIAL PRIMARY KEY', 'BIGINT', 'DOUBLE PRECISION', 'TIMESTAMP(3)', 'BYTEA', 'JSONB'],
    };
    for (const [provider, [id, big, real, time, bytes, json]] of Object.entries(types)) {
      const columns = [
        `"id" ${id}`,
        `"big number" ${big}`,
        `"real" ${real}`,
        `"at" ${time}`,
        `"bytes" ${bytes}`,
        `"json" ${json}`,
      ];
      mkdirSync(join(dir, provider, '29990101000000_later'));
      const sql = `CREATE TABLE "Später; ""x""" (${[...columns, '"text" TEXT', '"flag" BOOLEAN'].join(', ')});`;
      // The applier cuts PostgreSQL's scripts at each semicolon.
      writeFileSync(join(dir, provider, '29990101000000_later/migration.sql'), sql.replace('; ""x""', ' ""x""'));
    }
    return dir;
  }

  const cell = {
    big: fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
    real: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    at: fc.option(fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })),
    bytes: fc.option(fc.uint8Array({ maxLength: 40 })),
    json: fc.option(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null)))),
    text: fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...ODD))),
    flag: fc.option(fc.boolean()),
  };

  test('a table that comes later is carried over without being named anywhere, with any value of any kind', async () => {
    const migrationsDir = laterMigrations();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record(cell), { minLength: 1, maxLength: 30 }), async (rows) => {
        const [first, between, last] = [newFile(), await newPostgres(), newFile()];
        await (await openDatabase(first, migrationsDir)).$disconnect();
        const file = new Sqlite(first.slice('file:'.length));
        file.exec(`INSERT INTO "Vhost" ("name", "description") VALUES ('/', '')`);
        const insert = file.prepare(
          `INSERT INTO "Später ""x""" ("big number", "real", "at", "bytes", "json", "text", "flag") VALUES (?, ?, ?, ?, ?, ?, ?)`,
        );
        for (const { big, real, at, bytes, json, text, flag } of rows) {
          const time = at === null ? null : at.toISOString().replace('Z', '+00:00');
          // Not -0: PostgreSQL keeps it, text does not show it.
          insert.run(
            big,
            real === null ? null : real + 0,
            time,
            bytes && Buffer.from(bytes),
            json && JSON.stringify(json),
            text,
            flag === null ? null : Number(flag),
          );
        }
        file.close();
        const before = cellsOf(first);
        await move(first, between, { migrationsDir });
        await move(between, last, { migrationsDir });
        expect(cellsOf(last)).toEqual(before);
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});

describe('a move is refused with one line, and changes nothing on either side', () => {
  const refusals: [name: string, line: RegExp, make: () => Promise<[from: string, to: string]>][] = [
    [
      'when the target has rows',
      /is not empty \(the table .* has rows\): name one that is$/,
      async () => [await filled(), await filled()],
    ],
    ['when there is nothing to move', /is empty: there is nothing to move$/, async () => [newFile(), newFile()]],
    [
      'when source and target are the same',
      /^source and target are the same database$/,
      async () => {
        const url = await filled();
        return [url, url.replace(`${folder}/`, `${folder}/./`)];
      },
    ],
    [
      'when the source has moved already',
      /has moved to file:.* already: move that one$/,
      async () => {
        const url = await filled();
        await move(url, newFile());
        return [url, newFile()];
      },
    ],
    [
      'when the target cannot be reached',
      /^cannot use the database postgresql:.*ECONNREFUSED/,
      async () => [await filled(), 'postgresql://w@127.0.0.1:1/w'],
    ],
    [
      'when the source has a table that no version knows',
      /^the target has no table Own/,
      async () => {
        const url = await filled();
        const file = new Sqlite(url.slice('file:'.length));
        file.exec('CREATE TABLE "Own" ("a" TEXT)');
        file.close();
        return [url, newFile()];
      },
    ],
  ];

  const contentOf = (url: string) => (url.startsWith('file:') && existsSync(url.slice(5)) ? cellsOf(url) : {});
  const rowsIn = (url: string) => Object.values(contentOf(url)).flat().length;

  test.each(refusals)('%s', async (_, line, make) => {
    const [from, to] = await make();
    const [before, there] = [contentOf(from), rowsIn(to)];
    await expect(move(from, to)).rejects.toThrow(line);
    expect([contentOf(from), rowsIn(to)]).toEqual([before, there]);
  });

  test('while a Warren runs on either', async () => {
    const [from, to] = [await filled(), newFile()];
    for (const busy of [from, to]) {
      const lock = await lockDefinitions(busy, unwatched);
      await expect(move(from, to)).rejects.toThrow(/^the database file .* is in use by another Warren$/);
      await lock.release();
    }
    expect(existsSync(to.slice(5))).toBe(false);
    expect(await move(from, to)).toBeNull();
    expect((await readDatabaseFacts(from)).movedTo).toBe(to);
    expect((await readDatabaseFacts(to)).movedTo).toBeNull();
  });
});
