import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { lockDataDir } from '../../lib/data-dir-lock.ts';
import { scratchFolder } from './db/scratch-database.ts';

/** Another process that has the folder until it is killed. */
async function holder(folder: string) {
  const lock = pathToFileURL('lib/data-dir-lock.ts').href;
  const program = `const { lockDataDir } = await import(${JSON.stringify(lock)});
    lockDataDir(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('a folder that is not there is made for its owner alone, and those above it as others make them', () => {
  const folder = join(scratchFolder(), 'a', 'b');
  const umask = process.umask(0o022);
  const unlock = lockDataDir(folder);
  process.umask(umask);
  expect([folder, join(folder, '..')].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['700', '755']);
  expect(readdirSync(folder).map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8))).toEqual([
    '600',
    '600',
  ]);
  unlock();
});

test('what it made goes again when it got nothing; what was there or has got something stays', () => {
  const above = scratchFolder();
  lockDataDir(join(above, 'a', 'b'))();
  expect(readdirSync(above)).toEqual([]);
  lockDataDir(above)();
  expect(readdirSync(above)).toEqual([]);
  const unlock = lockDataDir(join(above, 'c'));
  writeFileSync(join(above, 'c', 'kept'), '');
  unlock();
  expect(readdirSync(join(above, 'c')).sort()).toEqual(['kept']);
});

test('a second process is refused with a line that names folder and process', async () => {
  const folder = scratchFolder();
  const { pid } = await holder(folder);
  expect(() => lockDataDir(folder)).toThrow(
    `the data directory ${folder} is in use by another Warren (process ${pid})`,
  );
});

test('the lock of a killed process does not stay', async () => {
  const folder = scratchFolder();
  const child = await holder(folder);
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockDataDir(folder)();
});

test('who lets go lets others in', () => {
  const folder = scratchFolder();
  lockDataDir(folder)();
  lockDataDir(folder)();
});

test('a folder that cannot be used is refused with a line that names it', () => {
  const file = join(scratchFolder(), 'file');
  writeFileSync(file, '');
  chmodSync(file, 0o600);
  expect(() => lockDataDir(join(file, 'data'))).toThrow(`cannot use the data directory ${join(file, 'data')}: `);
});
