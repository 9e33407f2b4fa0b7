/** What happens to each request before Next sees it, in this order. No request is answered that has not been here. */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { restoreEncoding } from './compression.ts';
import { shelterMethod } from './method.ts';
import { notePeer, peerOf } from './peer.ts';
import { guard } from './security-headers.ts';
import { shelterPath } from './sent-path.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

/** Call once, before the HTTP server listens. */
export function watchRequests({ trusted, isDevelopment }: { trusted: TrustedProxies; isDevelopment: boolean }): void {
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    notePeer(request.headers, peerOf(request.socket, request.headers, trusted));
    shelterMethod(request);
    shelterPath(request, response);
    guard(request, response, isDevelopment);
    restoreEncoding(response);
  });
}
