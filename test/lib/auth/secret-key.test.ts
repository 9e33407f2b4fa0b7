import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSecretKey, SecretKey } from '../../../lib/auth/secret-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warren-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = () => join(folder, 'secret.key');
const mode = () => statSync(path()).mode & 0o777;

test('what it signs, it knows again; what is changed in any place, it does not', () => {
  const key = new SecretKey();
  const signed = key.sign('session', 'abc.d');
  expect(signed.startsWith('abc.d.')).toBe(true);
  expect(key.hasSigned('session', signed)).toBe(true);
  for (let i = 0; i < signed.length; i++) {
    const other = signed[i] === 'A' ? 'B' : 'A';
    expect(key.hasSigned('session', signed.slice(0, i) + other + signed.slice(i + 1))).toBe(false);
    expect(key.hasSigned('session', signed.slice(0, i))).toBe(false);
  }
  for (const junk of ['', '.', 'abc', `${signed}=`, `${signed} `]) expect(key.hasSigned('session', junk)).toBe(false);
});

test('what was signed for one thing is not good for another', () => {
  const key = new SecretKey();
  expect(key.hasSigned('reset', key.sign('session', 'abc'))).toBe(false);
});

test('the first start makes the key, for its owner alone; later starts have the same one', () => {
  const signed = openSecretKey(folder).sign('session', 'abc');
  expect(mode()).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['secret.key']);
  expect(openSecretKey(folder).hasSigned('session', signed)).toBe(true);
  rmSync(path());
  expect(openSecretKey(folder).hasSigned('session', signed)).toBe(false);
});

test('a key that others may read is made private at the start', () => {
  openSecretKey(folder);
  chmodSync(path(), 0o644);
  openSecretKey(folder);
  expect(mode()).toBe(0o600);
});

test('a file without a key stops the start with what to do, and is left alone', () => {
  for (const text of ['', 'abc\n', 'z'.repeat(64)]) {
    writeFileSync(path(), text);
    expect(() => openSecretKey(folder)).toThrow(/secret\.key holds no key: remove it and a new one is made/);
    expect(readFileSync(path(), 'utf8')).toBe(text);
  }
});
