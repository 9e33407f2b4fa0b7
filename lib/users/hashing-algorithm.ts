/** How a password's hash was made, by RabbitMQ's names. */
export const HASHING_ALGORITHMS = [
  'rabbit_password_hashing_sha256',
  'rabbit_password_hashing_sha512',
  'rabbit_password_hashing_md5',
] as const;

export type HashingAlgorithm = (typeof HASHING_ALGORITHMS)[number];

/** Of new hashes, and of those that do not say. */
export const DEFAULT_HASHING_ALGORITHM: HashingAlgorithm = 'rabbit_password_hashing_sha256';

export function isHashingAlgorithm(name: string): name is HashingAlgorithm {
  return HASHING_ALGORITHMS.some((known) => known === name);
}
