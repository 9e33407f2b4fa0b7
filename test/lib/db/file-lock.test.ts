import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { lockFile } from '../../../lib/db/file-lock.ts';
import { scratchFolder } from './scratch-database.ts';

test('a file that it made goes with the lock, one that was there stays as it was', () => {
  const path = join(scratchFolder(), 'lock');
  lockFile(path)?.release();
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, '');
  const lock = lockFile(path);
  expect(lockFile(path)).toBeNull();
  lock?.release();
  lock?.release();
  expect(readFileSync(path, 'utf8')).toBe('');
});

test('of many processes that want it, again and again, one has it at a time', async () => {
  const folder = scratchFolder();
  const module = pathToFileURL('lib/db/file-lock.ts').href;
  // Who finds the mark of another one was not alone.
  const program = `
    import { mkdirSync, rmdirSync } from 'node:fs';
    const { lockFile } = await import(${JSON.stringify(module)});
    const end = Date.now() + 1500;
    let taken = 0;
    while (Date.now() < end) {
      const lock = lockFile(${JSON.stringify(join(folder, 'lock'))});
      if (lock === null) continue;
      mkdirSync(${JSON.stringify(join(folder, 'mark'))});
      rmdirSync(${JSON.stringify(join(folder, 'mark'))});
      taken++;
      lock.release();
    }
    console.log(taken);`;
  const runs = Array.from({ length: 3 }, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    return { code, taken: Number(out), err };
  });
  const results = await Promise.all(runs);
  expect(results.map(({ err }) => err).join('')).toBe('');
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(results.reduce((sum, { taken }) => sum + taken, 0)).toBeGreaterThan(10);
}, 30_000);
