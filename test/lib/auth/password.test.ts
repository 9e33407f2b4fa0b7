import { describe, expect, test } from 'vitest';
import { hashPassword, verifyPassword } from '../../../lib/auth/password.ts';

/** RabbitMQ's own example. [rabbit: passwords] */
const SALT = Buffer.from('908DC60A', 'hex');
const TEST12 = 'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR';

test('hashes as RabbitMQ does', () => {
  expect(hashPassword('test12', SALT)).toEqual({
    passwordHash: TEST12,
    hashingAlgorithm: 'rabbit_password_hashing_sha256',
  });
});

test('two hashes of one password differ, and both verify', () => {
  const [one, two] = [hashPassword('carrots'), hashPassword('carrots')];
  expect(one.passwordHash).not.toBe(two.passwordHash);
  expect([verifyPassword(one, 'carrots'), verifyPassword(two, 'carrots')]).toEqual([true, true]);
});

describe('verifies', () => {
  const sha256 = { passwordHash: TEST12, hashingAlgorithm: 'rabbit_password_hashing_sha256' } as const;

  test('the right password only', () => {
    expect(verifyPassword(sha256, 'test12')).toBe(true);
    for (const wrong of ['test13', 'Test12', 'test1', 'test123', '']) expect(verifyPassword(sha256, wrong)).toBe(false);
  });

  test.each([
    ['rabbit_password_hashing_md5', 'kI3GChNpte2FApYFXScl+0dIluk='],
    [
      'rabbit_password_hashing_sha512',
      'kI3GChuNuIYf8lRbCCxZjgjKwsY19ns6+uFO0zcXRBGA/XGJPYD8OWMy7EB8TaOmAzjP2azv84GbINYwX2cDWb4DHnc=',
    ],
  ] as const)('%s', (hashingAlgorithm, passwordHash) => {
    expect(verifyPassword({ passwordHash, hashingAlgorithm }, 'test12')).toBe(true);
    expect(verifyPassword({ passwordHash, hashingAlgorithm }, 'test13')).toBe(false);
    expect(verifyPassword({ ...sha256, passwordHash }, 'test12')).toBe(false);
  });

  test.each(['', 'kI3GCg==', 'no base64 at all', TEST12.slice(0, 20)])(
    'no password for the hash %j',
    (passwordHash) => {
      expect(verifyPassword({ ...sha256, passwordHash }, 'test12')).toBe(false);
      expect(verifyPassword({ ...sha256, passwordHash }, '')).toBe(false);
    },
  );
});
