import type { IncomingMessage, ServerResponse } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { innerHeader } from '../../../lib/web/inner-header.ts';
import { isMalformed, sentPath, shelter, shelterPath } from '../../../lib/web/sent-path.ts';

test.each([
  ['/api/queues/%2F/..', '/queues/%2F/..'],
  ['/api/queues/%2F/.', '/queues/%2F/.'],
  ['/api/queues/%2F/%2E%2e', '/queues/%2F/%2E%2e'],
  ['/api/queues/../.', '/queues/../.'],
  ['/api/queues/%2F/a//b', '/queues/%2F/a//b'],
  ['/api/queues/%2F/a%2F%2fb', '/queues/%2F/a%2F%2fb'],
  ['/api/queues/%2F/a%5Cb', '/queues/%2F/a%5Cb'],
  ['/api/queues/', '/queues/'],
  ['/api/../console-api/session', '/../console-api/session'],
  ['/api/queues/%2F/50%off', '/queues/%2F/50%off'],
  ['/api/queues/%2F/%FF', '/queues/%2F/%FF'],
  ['/api/queues/%2F/%C0%80', '/queues/%2F/%C0%80'],
  ['http://host:1/api/queues/%2F/..', '/queues/%2F/..'],
])('%s is kept from parsers', (url, path) => {
  expect(shelter(url)).toEqual({ url: '/api/as-sent', path });
  expect(shelter(`${url}?a=/../`)).toEqual({ url: '/api/as-sent?a=/../', path });
});

test.each([
  '/api/queues/%2F/q',
  '/api/queues/%2F/a.b..c',
  '/api/queues/%2F/...',
  '/api/overview?x=//',
  '/queues/..',
  '/api/',
  '/a//b',
  '/queues/%2F/50%25off',
  '/queues/%2F/%00',
])('%s stays as it is', (url) => {
  expect(shelter(url)).toBeUndefined();
});

test.each([
  '/queues/%2F/50%off',
  '/queues/%FF?tab=x',
  '/login%',
  '/apis/%FF',
  '*',
  '',
  'host:80',
  'http://h/queues/%FF',
])('%s cannot be read: a page says so', (target) => {
  expect(shelter(target)).toEqual({ url: '/malformed-address', path: null });
});

test('of names that no queue can have there is no page, and no address to be led on to', () => {
  // The longest that there are, in the longest spelling.
  const longest = encodeURIComponent('%'.repeat(255).replaceAll('%', '%25'));
  expect(shelter(`/exchanges/${longest}/${longest}`)).toBeUndefined();
  const long = 'a'.repeat(4_000);
  expect(shelter(`/exchanges/${long}/${long}`)).toEqual({ url: '/no-such-page', path: null });
  expect(shelter(`http://h/c/local/queues/${long}/${long}?tab=x`)).toEqual({ url: '/no-such-page', path: null });
  expect(shelter(`/c/local/publish?key=${long}`)).toBeUndefined();
  expect(shelter(`/api/queues/${long}/${long}`)).toBeUndefined();
});

test.each([
  ['/console-api/%FF', '/console-api/as-sent', '/%FF'],
  ['/console-api/a/../b', '/console-api/as-sent', '/a/../b'],
  ['/metrics/%FF?x=1', '/metrics/as-sent?x=1', '/%FF'],
])('every door sees what was sent: %s', (target, url, path) => {
  expect(shelter(target)).toEqual({ url, path });
});

test.each([
  ['http://host/queues?a=1', '/queues?a=1', '/queues'],
  ['HTTP://host:80', '/', '/'],
  ['http://host/api/queues', '/api/queues', '/queues'],
])('a target with a host in it is its path: %s', (target, url, path) => {
  expect(shelter(target)).toEqual({ url, path });
});

test('whatever is sent, what Next gets to see can be parsed and decoded, and nothing throws', () => {
  const piece = fc.oneof(
    fc.constantFrom('/', '//', '..', '%', '%2', '%2F', '%FF', '%00', '%C0%80', '%ED%A0%80', '\\\\', '?', '#', '@', ':'),
    fc.constantFrom('/api/', '/console-api/', '/metrics/', '/queues/', '/_next/', 'http://', '*', 'a'),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const request = { url: pieces.join(''), headers: {} } as IncomingMessage;
      const response = { statusCode: 200 } as ServerResponse;
      shelterPath(request, response);
      const url = request.url as string;
      expect(isMalformed(url.split(/[?#]/, 1)[0] as string)).toBe(false);
      expect(url.startsWith('/')).toBe(true);
      response.statusCode = 200;
      expect(response.statusCode).toBe(url === '/malformed-address' ? 400 : 200);
    }),
    { numRuns: 2_000 },
  );
});

test('the path that was sent counts; without one that of the URL', () => {
  const request = (path: string, headers = {}) => new Request(`http://localhost${path}`, { headers });
  const sheltered = request('/api/as-sent', { [innerHeader('path')]: '/queues/%2F/..' });
  expect(sentPath(sheltered, '/api')).toBe('/queues/%2F/..');
  expect(sentPath(request('/api/queues/%2F/q?columns=name'), '/api')).toBe('/queues/%2F/q');
});
