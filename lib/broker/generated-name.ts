import { randomBytes } from 'node:crypto';

/** A name for what has none yet, as RabbitMQ makes them: a prefix and 22 characters. */
export function generatedName(prefix: string): string {
  return prefix + randomBytes(16).toString('base64url');
}
