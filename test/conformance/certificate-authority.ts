/** Certificates for tests, made by Node alone. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bits,
  boolean,
  encode,
  objectIdentifier,
  octets,
  sequence,
  setOf,
  smallInteger,
  utcTime,
  utf8,
} from './der.ts';

export interface CertificateFilesOf {
  cert: string;
  key: string;
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const ATTRIBUTES: Record<string, string> = { CN: '2.5.4.3', O: '2.5.4.10' };
const DAY_MS = 86_400_000;

export class CertificateAuthority {
  readonly folder: string;
  /** Path of its own certificate. */
  readonly cert: string;
  readonly #name: Buffer;
  readonly #key: KeyObject;
  #serial = 1;

  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), 'warren-certificates-'));
    this.cert = join(this.folder, 'ca.pem');
    this.#name = distinguishedName(`/CN=${name}`);
    const { privateKey, publicKey } = newKey();
    this.#key = privateKey;
    const isAuthority = extension('2.5.29.19', sequence(boolean(true)), true);
    writeFileSync(this.cert, this.#issue(this.#name, publicKey, isAuthority));
  }

  /** `subject`: "/O=Warren/CN=ann". Valid for 127.0.0.1 and localhost. */
  sign(subject: string, file = `issued-${this.#serial}`): CertificateFilesOf {
    const [cert, key] = [join(this.folder, `${file}.pem`), join(this.folder, `${file}.key`)];
    const { privateKey, publicKey } = newKey();
    const names = sequence(encode(0x82, Buffer.from('localhost')), encode(0x87, Buffer.from([127, 0, 0, 1])));
    writeFileSync(cert, this.#issue(distinguishedName(subject), publicKey, extension('2.5.29.17', names)));
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return { cert, key };
  }

  /** [RFC 5280 4.1] */
  #issue(subject: Buffer, publicKey: KeyObject, extensions: Buffer): string {
    const now = Date.now();
    const signed = sequence(
      encode(0xa0, smallInteger(2)),
      smallInteger(this.#serial++),
      ECDSA_WITH_SHA256,
      this.#name,
      sequence(utcTime(new Date(now - DAY_MS)), utcTime(new Date(now + DAY_MS))),
      subject,
      publicKey.export({ type: 'spki', format: 'der' }),
      encode(0xa3, sequence(extensions)),
    );
    const der = sequence(signed, ECDSA_WITH_SHA256, bits(sign('sha256', signed, this.#key)));
    const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
    return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  }
}

function newKey() {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(objectIdentifier(id), ...(isCritical ? [boolean(true)] : []), octets(value));
}

function distinguishedName(text: string): Buffer {
  const parts = text.split('/').slice(1);
  return sequence(
    ...parts.map((part) => {
      const at = part.indexOf('=');
      const id = ATTRIBUTES[part.slice(0, at)];
      if (id === undefined) throw new Error(`unknown attribute in ${text}`);
      return setOf(sequence(objectIdentifier(id), utf8(part.slice(at + 1))));
    }),
  );
}
