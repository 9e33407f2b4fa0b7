import { expect, test } from 'vitest';
import { scratchDatabase } from './scratch-database.ts';

test('one statement takes other values each time, and answers with its own rows', async () => {
  const database = await scratchDatabase();
  const answers = await Promise.all(
    [1, 2, 3].map((n) => database.$queryRaw<{ text: string; n: bigint }[]>`SELECT ${`v${n}`} AS text, ${n} AS n`),
  );
  expect(answers.map(([row]) => [row?.text, Number(row?.n)])).toEqual([
    ['v1', 1],
    ['v2', 2],
    ['v3', 3],
  ]);
});

test('a statement follows when its table changes', async () => {
  const database = await scratchDatabase();
  await database.$executeRaw`CREATE TABLE t (a)`;
  await database.$executeRaw`INSERT INTO t VALUES (1)`;
  expect(Object.keys((await database.$queryRaw<object[]>`SELECT * FROM t`)[0] ?? {})).toEqual(['a']);
  await database.$executeRaw`ALTER TABLE t ADD COLUMN b DEFAULT 7`;
  expect(Object.keys((await database.$queryRaw<object[]>`SELECT * FROM t`)[0] ?? {})).toEqual(['a', 'b']);
});

test('a statement that failed works the next time', async () => {
  const database = await scratchDatabase();
  await database.$executeRaw`CREATE TABLE t (a UNIQUE)`;
  const insert = (value: number) => database.$executeRaw`INSERT INTO t VALUES (${value})`;
  await insert(1);
  await expect(insert(1)).rejects.toThrow('UNIQUE');
  expect(await insert(2)).toBe(1);
});

test('more kinds of statements than are kept', async () => {
  const database = await scratchDatabase();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 250; i++) {
      const [row] = await database.$queryRawUnsafe<Record<string, bigint>[]>(`SELECT ${i} AS n, ? AS round`, round);
      expect([Number(row?.n), Number(row?.round)]).toEqual([i, round]);
    }
  }
});
