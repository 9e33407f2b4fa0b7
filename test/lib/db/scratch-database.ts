import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../../lib/db/database.ts';

/** An empty folder that is gone after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'warren-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A SQLite database with all tables, gone after the test. */
export async function scratchDatabase(): Promise<Database> {
  const database = await openDatabase(`file:${join(scratchFolder(), 'test.db')}`, 'prisma/migrations');
  onTestFinished(() => database.$disconnect());
  return database;
}
