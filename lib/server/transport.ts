import type { Socket } from 'node:net';
import type { TlsFacts } from './tls-facts.ts';

/** An accepted client before its first byte, over TCP or TLS. What `receive` wants to keep it copies. */
export interface Transport {
  readonly socket: Socket;
  /** Null: no TLS. */
  readonly tls: TlsFacts | null;
  start(receive: (chunk: Buffer) => void): void;
}
