/**
 * npm run migrate-database -- --to URL [--from URL]
 * Moves everything that Warren keeps in a database to another, empty one: SQLite to PostgreSQL, or back. Without --from it is the
 * database that `npm start` would use. Stop Warren first.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { requireNode } from './node-version.mjs';

requireNode();
const { readConfig } = await import('../lib/config.ts');
const { shownUrl } = await import('../lib/db/database-url.ts');
const { transferDatabase } = await import('../lib/db/transfer.ts');

try {
  const { from, to } = readArguments();
  console.log(`From  ${shownUrl(from)}\nTo    ${shownUrl(to)}`);
  let rows = 0;
  const unmarked = await transferDatabase({
    from,
    to,
    migrationsDir: fileURLToPath(new URL('../prisma/migrations', import.meta.url)),
    moved(table, count) {
      rows += count;
      console.log(`${String(count).padStart(9)}  ${table}`);
    },
  });
  console.log(
    `${rows} rows have moved, and were compared. From now on start with DATABASE_URL set to the new database.`,
  );
  if (unmarked !== null)
    console.error(`The old database could not be marked as moved (${unmarked}): do not start on it.`);
} catch (error) {
  console.error(`Nothing has moved: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** Both as they would stand in DATABASE_URL. */
function readArguments() {
  const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } });
  if (values.to === undefined)
    throw new Error('say where to: npm run migrate-database -- --to postgresql://user@host/warren');
  /** @param {string | undefined} url */
  const read = (url) => readConfig({ ...process.env, ...(url !== undefined && { DATABASE_URL: url }) }).databaseUrl;
  return { from: read(values.from), to: read(values.to) };
}
