/** What a TLS connection agreed on and whom the client's certificate names, as RabbitMQ words it. */
import type { CipherNameAndProtocol, TLSSocket } from 'node:tls';

/** Where the name of a user stands in a certificate. */
export type LoginFrom = 'distinguished_name' | 'common_name';

export interface TlsFacts {
  /** Upper bound by RabbitMQ's names, such as `tlsv1.3`. */
  protocol: string;
  /** `any` under TLS 1.3, which chooses it apart from the cipher. */
  keyExchange: string;
  cipher: string;
  hash: string;
  /** A certificate that the CA vouches for; null: the client showed none. */
  peerCertificate: { subject: string; issuer: string; validity: string } | null;
  /** True when clients may sign in by certificate. */
  offersExternal: boolean;
  /** The user that the certificate names; null: nobody. */
  certificateUser: string | null;
}

/** The facts of a connection that has been agreed on. `offersExternal`: there is a CA to check certificates with. */
export function tlsFacts(socket: TLSSocket, offersExternal: boolean, loginFrom: LoginFrom): TlsFacts {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  return {
    protocol: (socket.getProtocol() ?? '').toLowerCase(),
    ...cipherParts(socket.getCipher()),
    offersExternal,
    certificateUser: certificate ? nameIn(certificate.subject, loginFrom) : null,
    peerCertificate: certificate
      ? {
          subject: distinguishedName(certificate.subject),
          issuer: distinguishedName(certificate.issuer),
          validity: `${isoSeconds(certificate.validFrom)} - ${isoSeconds(certificate.validTo)}`,
        }
      : null,
  };
}

/** The parts of a cipher such as TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; an AEAD cipher needs no hash of its own. */
export function cipherParts({ standardName }: Pick<CipherNameAndProtocol, 'standardName'>): {
  keyExchange: string;
  cipher: string;
  hash: string;
} {
  const [before, after] = standardName.replace(/^TLS_/, '').toLowerCase().split('_with_');
  const suite = after ?? before ?? '';
  const [, cipher = suite, hash = ''] = /^(.*)_(sha\d*|md5)$/.exec(suite) ?? [];
  const isAead = /gcm|ccm|poly1305/.test(cipher);
  return { keyExchange: after === undefined ? 'any' : (before ?? ''), cipher, hash: isAead ? 'aead' : hash };
}

/** Node gives one part a line, the most general first; RFC 4514 writes the most specific first. */
export function distinguishedName(lines: string): string {
  return lines.split('\n').reverse().join(',');
}

function nameIn(subject: string, from: LoginFrom): string | null {
  if (from === 'distinguished_name') return distinguishedName(subject);
  const names = subject.split('\n').filter((line) => line.startsWith('CN='));
  return names.length === 0 ? null : names.map((line) => line.slice('CN='.length).replace(/\\(.)/g, '$1')).join(',');
}

/** "Nov 23 06:00:00 2026 GMT" as 2026-11-23T06:00:00Z. */
function isoSeconds(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : `${date.toISOString().slice(0, 19)}Z`;
}
