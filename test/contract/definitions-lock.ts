/** What every lock on the definitions of a database keeps to, whatever kind of database it is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type DefinitionsLock, lockDefinitions } from '../../lib/db/definitions-lock.ts';

export const unwatched = { log: () => {}, lost: () => {} };
const holders: ChildProcess[] = [];

/** Another process that has the lock until it is killed. */
async function holder(url: string): Promise<ChildProcess> {
  const lock = pathToFileURL('lib/db/definitions-lock.ts').href;
  const program = `const { lockDefinitions } = await import(${JSON.stringify(lock)});
    await lockDefinitions(${JSON.stringify(url)}, { log() {}, lost() {} }); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(child);
  await once(child.stdout, 'data');
  return child;
}

/** `make` gives the URL of a database that nobody has. */
export function definitionsLockContract(name: string, make: () => Promise<string>, skipped?: string): void {
  describe.skipIf(skipped !== undefined)(
    `${name} keeps the contract of DefinitionsLock${skipped ? `: ${skipped}` : ''}`,
    () => {
      afterEach(() => {
        for (const child of holders.splice(0)) child.kill('SIGKILL');
      });

      test('a second process is refused with one line that names the database', async () => {
        const url = await make();
        const child = await holder(url);
        await expect(lockDefinitions(url, unwatched)).rejects.toThrow(
          /^the database .* is in use by another Warren[^\n]*$/,
        );
        expect(child.exitCode).toBeNull();
      }, 20_000);

      test('the lock of a killed process does not stay', async () => {
        const url = await make();
        const child = await holder(url);
        child.kill('SIGKILL');
        await once(child, 'exit');
        await (await lockDefinitions(url, unwatched)).release();
      });

      test('who lets go lets others in, and may let go twice', async () => {
        const url = await make();
        const locks: DefinitionsLock[] = [];
        for (let i = 0; i < 3; i++) {
          const lock = await lockDefinitions(url, unwatched);
          await lock.release();
          await lock.release();
          locks.push(lock);
        }
        expect(locks).toHaveLength(3);
      });
    },
  );
}
