import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { giveIdentity, readDirectoryFacts } from '../../../lib/installation/directory-record.ts';
import { scratchFolder } from '../db/scratch-database.ts';

const [ONE, TWO] = ['11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa', '22222222-bbbb-4bbb-8bbb-bbbbbbbbbbbb'] as const;

test('a directory says what it has', () => {
  const folder = scratchFolder();
  const nothing = { identity: null, isDraft: false, hasKey: false, hasOwnDatabase: false, logs: [] };
  expect(readDirectoryFacts(folder, null)).toEqual(nothing);
  mkdirSync(join(folder, 'messages/durable/a'), { recursive: true });
  for (const name of ['secret.key', 'warren.db']) writeFileSync(join(folder, name), '');
  expect(readDirectoryFacts(folder, null)).toEqual({ ...nothing, hasKey: true, hasOwnDatabase: true, logs: ['a'] });
});

test('an identity is for its owner alone, and is found again', async () => {
  const folder = scratchFolder();
  await giveIdentity(folder, ONE, async () => {});
  expect(readDirectoryFacts(folder, ONE)).toMatchObject({ identity: ONE, isDraft: false });
  expect(statSync(join(folder, 'identity')).mode & 0o777).toBe(0o600);
});

test('killed before the database has the identity: it was given to neither; killed after it: to both', async () => {
  const folder = scratchFolder();
  await giveIdentity(folder, ONE, async () => {});
  let ofDatabase: string = ONE;
  const killed = async (): Promise<void> => {
    expect(readDirectoryFacts(folder, ofDatabase)).toMatchObject({ identity: ONE, isDraft: false });
    ofDatabase = TWO;
    expect(readDirectoryFacts(folder, ofDatabase)).toMatchObject({ identity: TWO, isDraft: true });
    throw new Error('killed');
  };
  await expect(giveIdentity(folder, TWO, killed)).rejects.toThrow('killed');
  expect(readDirectoryFacts(folder, TWO)).toMatchObject({ identity: TWO, isDraft: true });
  await giveIdentity(folder, TWO, async () => {});
  expect(readDirectoryFacts(folder, TWO)).toMatchObject({ identity: TWO, isDraft: false });
});

test('a draft that is torn is none; a file that holds no identity is refused with a line that names it', () => {
  const folder = scratchFolder();
  for (let size = 0; size < ONE.length; size++) {
    writeFileSync(join(folder, 'identity.new'), ONE.slice(0, size));
    expect(readDirectoryFacts(folder, ONE.slice(0, size)).identity).toBeNull();
  }
  writeFileSync(join(folder, 'identity'), 'something else');
  expect(() => readDirectoryFacts(folder, null)).toThrow(`${join(folder, 'identity')} holds no identity`);
  expect(readFileSync(join(folder, 'identity'), 'utf8')).toBe('something else');
});
