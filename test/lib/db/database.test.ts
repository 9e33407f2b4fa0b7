import { expect, test } from 'vitest';
import { scratchDatabase } from './scratch-database.ts';

test('a commit is on disk when it returns, and readers go on while one writes', async () => {
  const database = await scratchDatabase();
  const ask = async (pragma: string): Promise<unknown> => {
    const rows = await database.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${pragma}`);
    return Object.values(rows[0] ?? {})[0];
  };
  expect(await ask('journal_mode')).toBe('wal');
  // 2 is FULL.
  expect(Number(await ask('synchronous'))).toBe(2);
});
