import { expect, test } from 'vitest';
import { sentPath, shelter } from '../../../lib/web/sent-path.ts';

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
  '',
  '*',
])('%s stays as it is', (url) => {
  expect(shelter(url)).toBeUndefined();
});

test('the path that was sent counts; without one that of the URL', () => {
  const request = (path: string, headers = {}) => new Request(`http://localhost${path}`, { headers });
  expect(sentPath(request('/api/as-sent', { 'x-warren-path': '/queues/%2F/..' }))).toBe('/queues/%2F/..');
  expect(sentPath(request('/api/queues/%2F/q?columns=name'))).toBe('/queues/%2F/q');
});
