/** The certificates that the AMQPS port shows, for those who watch over their ends. */

export interface CertificateFile {
  /** Absolute. */
  path: string;
  /** Of every certificate in it, in its order. */
  validity: { fromMs: number; untilMs: number }[];
}

export interface ListenerCertificates {
  certificate: CertificateFile;
  /** Whom clients' certificates must be signed by; null: none are asked for. */
  authority: CertificateFile | null;
}
