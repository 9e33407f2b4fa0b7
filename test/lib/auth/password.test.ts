import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from '../../../lib/auth/password.ts';

const SALT = Buffer.from('908DC60A', 'hex');
const HASH = 'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR';

test('a hash is what RabbitMQ makes of the same salt and password', () => {
  expect(hashPassword('test12', SALT)).toEqual({
    passwordHash: HASH,
    hashingAlgorithm: 'rabbit_password_hashing_sha256',
  });
});

test('the right password matches, any other does not', () => {
  const kept = { passwordHash: HASH, hashingAlgorithm: 'rabbit_password_hashing_sha256' as const };
  expect(verifyPassword(kept, 'test12')).toBe(true);
  for (const wrong of ['test1', 'test123', 'Test12', '', ' test12', 'test12\0'])
    expect(verifyPassword(kept, wrong)).toBe(false);
});

test.each([
  ['rabbit_password_hashing_sha512', 'sha512'],
  ['rabbit_password_hashing_md5', 'md5'],
] as const)('hashes of %s, as imported definitions may have them, are understood', (hashingAlgorithm, digest) => {
  const hash = createHash(digest).update(SALT).update('pässword').digest();
  const kept = { passwordHash: Buffer.concat([SALT, hash]).toString('base64'), hashingAlgorithm };
  expect(verifyPassword(kept, 'pässword')).toBe(true);
  expect(verifyPassword(kept, 'password')).toBe(false);
});

test('a hash of one algorithm does not match by another', () => {
  expect(verifyPassword({ passwordHash: HASH, hashingAlgorithm: 'rabbit_password_hashing_sha512' }, 'test12')).toBe(
    false,
  );
});

test('each hash has a salt of its own', () => {
  const [one, two] = [hashPassword('same'), hashPassword('same')];
  expect(one.passwordHash).not.toBe(two.passwordHash);
  expect([verifyPassword(one, 'same'), verifyPassword(two, 'same')]).toEqual([true, true]);
});

test('an empty hash, a cut one and one that is no base64 match nothing', () => {
  for (const passwordHash of ['', SALT.toString('base64'), HASH.slice(0, 20), '%%%', HASH.slice(0, -4)]) {
    const kept = { passwordHash, hashingAlgorithm: 'rabbit_password_hashing_sha256' as const };
    expect([passwordHash, verifyPassword(kept, 'test12'), verifyPassword(kept, '')]).toEqual([
      passwordHash,
      false,
      false,
    ]);
  }
});

test('an empty password never matches, not even its own hash', () => {
  expect(verifyPassword(hashPassword(''), '')).toBe(false);
});
