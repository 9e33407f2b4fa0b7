/** The certificates that the AMQPS port shows, for people who must renew them in time. */

export interface CertificateFile {
  /** Absolute. */
  path: string;
  /** When each certificate of the file is valid, in the file's order. */
  validity: { fromMs: number; untilMs: number }[];
}

export interface ListenerCertificates {
  certificate: CertificateFile;
  /** Whom clients' certificates must be signed by; null: none are asked for. */
  authority: CertificateFile | null;
}
