/** The key that signs what browsers bring back: 32 random bytes in a file of the data directory that only its owner may read. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;
const IN_HEX = /^[0-9a-f]{64}\n?$/;

export class SecretKey {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer = randomBytes(KEY_BYTES)) {
    this.#bytes = bytes;
  }

  /**
   * `value` with its signature behind a dot. `purpose` keeps what is signed for one thing from being taken for another; it holds
   * no line feed.
   */
  sign(purpose: string, value: string): string {
    return `${value}.${this.#signature(purpose, value).toString('base64url')}`;
  }

  /** Whether `sign` made it for this purpose. Takes as long whatever is wrong with the signature. */
  hasSigned(purpose: string, signed: string): boolean {
    const dot = signed.lastIndexOf('.');
    if (dot === -1) return false;
    const presented = Buffer.from(signed.slice(dot + 1), 'base64url');
    const expected = this.#signature(purpose, signed.slice(0, dot));
    return (
      presented.length === expected.length &&
      timingSafeEqual(presented, expected) &&
      expected.toString('base64url') === signed.slice(dot + 1)
    );
  }

  #signature(purpose: string, value: string): Buffer {
    return createHmac('sha256', this.#bytes).update(`${purpose}\n${value}`).digest();
  }
}

/**
 * The key of a data directory, made when there is none. It appears whole or not at all.
 *
 * @throws Error of one line when the file holds no key.
 */
export function openSecretKey(dataDir: string): SecretKey {
  const path = join(dataDir, 'secret.key');
  if (!existsSync(path)) {
    const draft = `${path}.new`;
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: OWNER_ONLY, flush: true });
    renameSync(draft, path);
  }
  // Also where somebody copied the folder, or a draft of other rights lay there.
  chmodSync(path, OWNER_ONLY);
  const text = readFileSync(path, 'utf8');
  if (!IN_HEX.test(text))
    throw new Error(`${path} holds no key: remove it and a new one is made; everybody then signs in again`);
  return new SecretKey(Buffer.from(text.trim(), 'hex'));
}
