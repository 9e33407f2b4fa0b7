/**
 * What every answer tells the browser: run the scripts of this page only, show it in nobody's frame, guess no types.
 * Set before anything else sees the request, so that nothing is answered without them. There is no
 * strict-transport-security: it would hold for every port of the host, and who ends TLS before Warren decides on it.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NONCE_HEADER } from '../client/nonce-header.ts';

const FOR_ALL: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

const API = /^\/(api|console-api|metrics|healthz)(\/|\?|$)/;

/** Answers that are no page, should somebody open them as one. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** The policy of a page. `nonce` is base64 and is never used again. */
function pagePolicy(nonce: string, isDevelopment: boolean): string {
  return [
    "default-src 'self'",
    // What a script with the nonce loads may run too. React's development build puts traces together with eval.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    // Menus, dialogs and charts set styles as they run.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Writes the headers of one answer, and into its request what the page needs to know of them. */
export function guard(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  response: ServerResponse,
  isDevelopment = false,
): void {
  for (const [name, value] of Object.entries(FOR_ALL)) response.setHeader(name, value);
  delete request.headers[NONCE_HEADER];
  delete request.headers['content-security-policy'];
  if (API.test(request.url ?? '')) {
    response.setHeader('content-security-policy', DATA_POLICY);
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  const policy = pagePolicy(nonce, isDevelopment);
  response.setHeader('content-security-policy', policy);
  request.headers['content-security-policy'] = policy;
  request.headers[NONCE_HEADER] = nonce;
}
