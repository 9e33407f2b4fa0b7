/** Certificates on disk, read again whenever one of their files changes. */
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** Paths of PEM files. */
export interface CertificateFiles {
  cert: string;
  key: string;
  /** Whom clients' certificates must be signed by; null: none are asked for. */
  ca: string | null;
}

/** Replacing a file by renaming escapes a watch of the file itself: its path is asked. */
const LOOK_MS = 1_000;

/** Throws one clear line when the files are not there or do not fit together. */
export function readCertificates({ cert, key, ca }: CertificateFiles): SecureContextOptions {
  try {
    const options: SecureContextOptions = { cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.2' };
    if (ca !== null) options.ca = readFileSync(ca);
    createSecureContext(options);
    return options;
  } catch (error) {
    throw new Error(`certificates cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Calls back with what was read after a change, or with why it cannot be used. Returns the function that ends it. */
export function watchCertificates(
  files: CertificateFiles,
  changed: (options: SecureContextOptions) => void,
  failed: (text: string) => void,
): () => void {
  const look = (): void => {
    try {
      changed(readCertificates(files));
    } catch (error) {
      failed((error as Error).message);
    }
  };
  const paths = [files.cert, files.key, ...(files.ca === null ? [] : [files.ca])];
  for (const path of paths) watchFile(path, { interval: LOOK_MS, persistent: false }, look);
  return () => {
    for (const path of paths) unwatchFile(path, look);
  };
}
