import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { NONCE_HEADER } from '../../../lib/client/nonce-header.ts';
import { DATA_POLICY, guard } from '../../../lib/web/security-headers.ts';

/** What `guard` writes, into the answer and into the request. */
function guarded(url: string, headers: IncomingMessage['headers'] = {}) {
  const written = new Map<string, string>();
  const request = { url, headers };
  guard(request, { setHeader: written.set.bind(written) } as never);
  return { written: Object.fromEntries(written), headers: request.headers };
}

describe('a page', () => {
  test('runs scripts with its nonce only, is in no frame, and sends its forms nowhere else', () => {
    const { written, headers } = guarded('/queues/%2F/q?sort=name');
    const nonce = headers[NONCE_HEADER];
    const policy = written['content-security-policy'] ?? '';
    expect(policy).toContain(`script-src 'nonce-${nonce}' 'strict-dynamic';`);
    for (const rule of ["frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"])
      expect(policy).toContain(rule);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers['content-security-policy']).toBe(policy);
  });

  test('has a nonce of its own, whatever the client sent', () => {
    const theirs = { [NONCE_HEADER]: 'theirs', 'content-security-policy': "script-src 'nonce-theirs'" };
    const nonces = [guarded('/', { ...theirs }), guarded('/', { ...theirs })].map(
      ({ headers }) => headers[NONCE_HEADER],
    );
    expect(new Set([...nonces, 'theirs']).size).toBe(3);
    expect(JSON.stringify(guarded('/', { ...theirs }))).not.toContain('theirs');
  });
});

test.each(['/api/overview', '/api', '/console-api/session?x', '/metrics', '/metrics/detailed', '/healthz'])(
  '%s may do nothing when it is opened as a page',
  (url) => {
    const { written, headers } = guarded(url, { 'content-security-policy': 'x' });
    expect(written).toMatchObject({ 'content-security-policy': DATA_POLICY, 'x-content-type-options': 'nosniff' });
    expect(headers).toEqual({});
  },
);

test('a page of the documents of the API is a page', () => {
  expect(guarded('/api-docs').written['content-security-policy']).toContain('nonce-');
});
