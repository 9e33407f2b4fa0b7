/** Certificates for tests, made by openssl. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CertificateFilesOf {
  cert: string;
  key: string;
}

export class CertificateAuthority {
  readonly folder: string;
  /** Path of its own certificate. */
  readonly cert: string;
  readonly #key: string;
  #serial = 0;

  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), 'warren-certificates-'));
    this.cert = join(this.folder, 'ca.pem');
    this.#key = join(this.folder, 'ca-key.pem');
    openssl('req', '-x509', ...NEW_KEY, '-keyout', this.#key, '-out', this.cert, '-days', '2', '-subj', `/CN=${name}`);
  }

  /** `subject` as openssl writes it: "/O=Warren/CN=ann". Valid for 127.0.0.1 and localhost. */
  sign(subject: string, file = `issued-${this.#serial}`): CertificateFilesOf {
    this.#serial++;
    const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((end) =>
      join(this.folder, `${file}.${end}`),
    );
    openssl('req', ...NEW_KEY, '-keyout', key as string, '-out', request as string, '-subj', subject);
    writeFileSync(extensions as string, 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    const serial = ['-set_serial', String(this.#serial)];
    const by = ['-CA', this.cert, '-CAkey', this.#key, ...serial, '-extfile', extensions as string];
    openssl('x509', '-req', '-in', request as string, '-out', cert as string, '-days', '1', ...by);
    return { cert: cert as string, key: key as string };
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
