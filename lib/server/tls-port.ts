/** The AMQPS port: agrees on TLS with whoever comes, and hands on those with whom it could. */
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { type CertificateFiles, type ReadCertificates, readCertificates, watchCertificates } from './certificates.ts';
import { type Listening, listenOn } from './listening.ts';
import { type LoginFrom, tlsFacts } from './tls-facts.ts';
import type { Transport } from './transport.ts';

export interface TlsOptions extends CertificateFiles {
  port: number;
  /** With a CA, whether a client must show a certificate. One that is shown must be good in any case. */
  clientCertificate: 'optional' | 'required';
  loginFrom: LoginFrom;
}

export class TlsPort {
  private readonly options: TlsOptions & { hosts: readonly string[] };
  private readonly server: Server;
  private listening: Listening | null = null;
  private readonly endWatch: () => void;
  /** In use now. */
  certificates: ReadCertificates['facts'];

  /** Throws one clear line when the certificates cannot be used. `accept` is handed every client that may speak. */
  constructor(
    options: TlsOptions & { hosts: readonly string[]; handshakeMs: number },
    accept: (transport: Transport) => void,
    log: (level: 'debug' | 'info' | 'warning', text: string) => void,
  ) {
    this.options = options;
    const { handshakeMs: handshakeTimeout, ca } = options;
    // Who shows no certificate may still have a password: that is decided below.
    const asks = { requestCert: ca !== null, rejectUnauthorized: false };
    const terms = { ...asks, handshakeTimeout, allowHalfOpen: true };
    const { context, facts } = readCertificates(options);
    this.certificates = facts;
    this.server = createServer({ ...context, ...terms }, (socket) => {
      socket.on('error', (error) => log('debug', `AMQPS client: ${error.message}`));
      const refusal = this.refusalOf(socket);
      if (refusal !== null) {
        log('warning', `a client from ${socket.remoteAddress} was refused: ${refusal}`);
        socket.destroy();
      } else if (socket.remoteAddress !== undefined) accept(this.transport(socket));
    });
    this.server.on('tlsClientError', (error, socket) => {
      log('debug', `no TLS with ${socket.remoteAddress}: ${error.message}`);
    });
    this.endWatch = watchCertificates(
      options,
      (changed) => {
        this.server.setSecureContext(changed.context);
        this.certificates = changed.facts;
        log('info', 'certificates read again: connections from now on get the new ones');
      },
      (text) => log('warning', `${text}; the earlier ones stay`),
    );
  }

  /** Resolves with the port when clients can connect; rejects with one clear line. */
  async listen(): Promise<number> {
    this.listening = await listenOn(this.server, 'AMQPS', this.options.hosts, this.options.port);
    return this.listening.port;
  }

  close(): void {
    this.endWatch();
    this.listening?.close();
  }

  /** Null: may speak. */
  private refusalOf(socket: TLSSocket): string | null {
    const { ca, clientCertificate } = this.options;
    if (ca === null || socket.authorized) return null;
    if (socket.getPeerX509Certificate() !== undefined)
      return `its certificate is not good: ${socket.authorizationError}`;
    return clientCertificate === 'required' ? 'it shows no certificate' : null;
  }

  private transport(socket: TLSSocket): Transport {
    return {
      socket,
      tls: tlsFacts(socket, this.options.ca !== null, this.options.loginFrom),
      start: (receive) => void socket.on('data', receive),
    };
  }
}
