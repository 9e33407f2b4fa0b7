import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../lib/db/database.ts';
import { scratchFolder } from './scratch-database.ts';

const rights = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('a database and the files beside it hold hashes: they are for their owner only, also those that were not', async () => {
  const folder = scratchFolder();
  const path = join(folder, 'w.db');
  const umask = process.umask(0);
  try {
    for (let start = 0; start < 2; start++) {
      const database = await openDatabase(`file:${path}`, 'prisma/migrations');
      await database.globalParameter.create({ data: { name: `n${start}`, value: '1' } });
      const files = readdirSync(folder);
      expect(files).toContain('w.db-wal');
      expect(files.map((name) => rights(join(folder, name)))).toEqual(files.map(() => '600'));
      await database.$disconnect();
      for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
    }
  } finally {
    process.umask(umask);
  }
});

test('a database that cannot be opened is refused with one line that names it, and nothing is made', async () => {
  const path = join(scratchFolder(), 'absent', 'w.db');
  const refused = openDatabase(`file:${path}`, 'prisma/migrations');
  await expect(refused).rejects.toThrow(/^cannot use the database file:[^\n]*absent\/w\.db: ENOENT: [^\n]*$/);
  expect(existsSync(join(path, '..'))).toBe(false);
});
