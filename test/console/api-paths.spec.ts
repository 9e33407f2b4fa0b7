/** The management API behind the pages' server: paths come to it as they were sent. */
import { request } from 'node:http';
import { expect, test } from './console-test.ts';

const BASIC = `Basic ${Buffer.from('guest:guest').toString('base64')}`;

/** A request whose path no client library has tidied up. */
function ask(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: object } = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: process.env.WARREN_TEST_PORT,
        method,
        path,
        headers: { authorization: BASIC, ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

test('queues of any name are declared, bound, read and deleted by their path', async () => {
  const spellings = ['.', '..', '%2E%2E', 'a%2F%2Fb', '%2F', '%25', '+', 'a%20b', '%C3%BC', 'a%252Fb', 'a%5Cb', '...'];
  for (const spelling of spellings) {
    const name = decodeURIComponent(spelling);
    const path = `/api/queues/%2F/${spelling}`;
    expect([name, (await ask('PUT', path, { body: {} })).status]).toEqual([name, 201]);
    const { status, text } = await ask('GET', path);
    expect([name, status, JSON.parse(text).name]).toEqual([name, 200, name]);
    const bindings = `/api/bindings/%2F/e/amq.topic/q/${spelling}`;
    expect([name, (await ask('POST', bindings, { body: { routing_key: 'a' } })).status]).toEqual([name, 201]);
    expect(JSON.parse((await ask('GET', `${bindings}?columns=destination`)).text)).toEqual([{ destination: name }]);
    expect([name, (await ask('DELETE', path)).status]).toEqual([name, 204]);
    expect((await ask('GET', path)).status).toBe(404);
  }
});

test('a vhost may be called ".."', async () => {
  expect((await ask('PUT', '/api/vhosts/..', { body: {} })).status).toBe(201);
  expect((await ask('PUT', '/api/queues/../.', { body: {} })).status).toBe(201);
  expect(JSON.parse((await ask('GET', '/api/queues/..?columns=name')).text)).toEqual([{ name: '.' }]);
  expect((await ask('DELETE', '/api/vhosts/%2e%2e')).status).toBe(204);
});

test('a slash at the end counts for nothing', async () => {
  for (const path of ['/api/overview/', '/api/queues/%2F/', '/api/connections/'])
    expect([path, (await ask('GET', path)).status]).toEqual([path, 200]);
  expect((await ask('PUT', '/api/queues/%2F/slashed/', { body: {} })).status).toBe(201);
  expect((await ask('DELETE', '/api/queues/%2F/slashed/')).status).toBe(204);
});

test('no spelling of a path gets round who may', async () => {
  const nobody = { headers: { authorization: '' } };
  for (const path of [
    '/api/./queues',
    '/api/../api/queues',
    '/api//queues',
    '/api/queues/%2F/..',
    '/api/%2e%2e/console-api/queues',
  ])
    expect([path, [401, 404]]).toEqual([path, expect.arrayContaining([(await ask('GET', path, nobody)).status])]);
  for (const path of ['/api/../api/queues', '/api//queues', '/api/as-sent'])
    expect([path, (await ask('GET', path)).status]).toEqual([path, 404]);
});

test('a path in a header is not believed', async () => {
  const { status } = await ask('GET', '/api/as-sent', { headers: { 'x-warren-path': '/overview' } });
  expect(status).toBe(404);
});
