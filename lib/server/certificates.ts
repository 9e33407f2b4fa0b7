/** Certificates on disk, read again whenever one of their files changes. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** Paths of PEM files. */
export interface CertificateFiles {
  cert: string;
  key: string;
  /** The authorities that must have signed clients' certificates; null: none are asked for. */
  ca: string | null;
}

/** Replacing a file by renaming escapes a watch of the file itself: its path is asked. */
const REREAD_MS = 1_000;

export interface Validity {
  path: string;
  /** The validity of every certificate in the file. */
  validity: { fromMs: number; untilMs: number }[];
}

export interface ReadCertificates {
  context: SecureContextOptions;
  facts: { certificate: Validity; authority: Validity | null };
}

const PEM = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

function validityOf(path: string, pem: Buffer): Validity {
  const certificates = (pem.toString('latin1').match(PEM) ?? []).map((one) => new X509Certificate(one));
  const validity = certificates.map(({ validFrom, validTo }) => ({
    fromMs: Date.parse(validFrom),
    untilMs: Date.parse(validTo),
  }));
  return { path, validity };
}

/** Throws one clear line when the files are not there or do not fit together. */
export function readCertificates({ cert, key, ca }: CertificateFiles): ReadCertificates {
  try {
    const shown = readFileSync(cert);
    const trusted = ca === null ? null : readFileSync(ca);
    const context: SecureContextOptions = { cert: shown, key: readFileSync(key), minVersion: 'TLSv1.2' };
    if (trusted !== null) context.ca = trusted;
    createSecureContext(context);
    const authority = ca === null || trusted === null ? null : validityOf(ca, trusted);
    return { context, facts: { certificate: validityOf(cert, shown), authority } };
  } catch (error) {
    throw new Error(`certificates cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Calls back with what was read after a change, or with why it cannot be used. Returns the function that ends it. */
export function watchCertificates(
  files: CertificateFiles,
  changed: (read: ReadCertificates) => void,
  failed: (text: string) => void,
): () => void {
  const reread = (): void => {
    try {
      changed(readCertificates(files));
    } catch (error) {
      failed((error as Error).message);
    }
  };
  const paths = [files.cert, files.key, ...(files.ca === null ? [] : [files.ca])];
  for (const path of paths) watchFile(path, { interval: REREAD_MS, persistent: false }, reread);
  return () => {
    for (const path of paths) unwatchFile(path, reread);
  };
}
