/**
 * Who is at the other end of the socket. Next passes on a client's own x-forwarded-for, so that header can lie, and a
 * route handler has no socket: the address is written into each request's headers before anything else sees it.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const HEADER = 'x-warren-peer';

/** Call once, before the HTTP server listens. */
export function watchPeers(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[HEADER] = request.socket.remoteAddress ?? '';
  });
}

/** '' when nobody watches: an address that no rule for loopback lets in. */
export function peerAddress(headers: Headers): string {
  return headers.get(HEADER) ?? '';
}

/** True of an address of this machine itself. */
export function isOfThisMachine(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
