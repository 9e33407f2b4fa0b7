/** Password hashes as RabbitMQ keeps them: base64(salt[4] ‖ hash(salt ‖ password)). [rabbit: passwords] */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { DEFAULT_HASHING_ALGORITHM, type HashingAlgorithm } from '../users/hashing-algorithm.ts';

const DIGESTS: Record<HashingAlgorithm, string> = {
  rabbit_password_hashing_sha256: 'sha256',
  rabbit_password_hashing_sha512: 'sha512',
  rabbit_password_hashing_md5: 'md5',
};

const SALT_BYTES = 4;

export interface PasswordHash {
  passwordHash: string;
  hashingAlgorithm: HashingAlgorithm;
}

export function hashPassword(password: string, salt: Uint8Array = randomBytes(SALT_BYTES)): PasswordHash {
  const hashingAlgorithm = DEFAULT_HASHING_ALGORITHM;
  const passwordHash = Buffer.concat([salt, digest(hashingAlgorithm, salt, password)]).toString('base64');
  return { passwordHash, hashingAlgorithm };
}

/** Compares in constant time; an empty hash or password never matches. */
export function verifyPassword({ passwordHash, hashingAlgorithm }: PasswordHash, password: string): boolean {
  const kept = Buffer.from(passwordHash, 'base64');
  if (password === '' || kept.length <= SALT_BYTES) return false;
  const expected = kept.subarray(SALT_BYTES);
  const actual = digest(hashingAlgorithm, kept.subarray(0, SALT_BYTES), password);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function digest(algorithm: HashingAlgorithm, salt: Uint8Array, password: string): Buffer {
  return createHash(DIGESTS[algorithm]).update(salt).update(password, 'utf8').digest();
}
