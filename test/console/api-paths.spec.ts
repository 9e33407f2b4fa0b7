/** The management API behind the pages' server: paths come to it as they were sent. */
import { request } from 'node:http';
import { expect, signIn, test } from './console-test.ts';

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

/** What percent signs stand for: no text, or text that is odd. */
const ODD = ['%', '%2', '%zz', '50%off', '%FF', '%C0%80', '%ED%A0%80', '%F8%88%80%80%80', '%E2%82', '%80', 'a%2Fb%'];
const READABLE = ['%00', '%01', '%7F', 'a%0Ab', '%20', '%22', '%3C%3E', '%25', '50%25off', '%F0%9F%90%87', '%E2%80%AE'];
const LONG = 'x'.repeat(4_000);

test('an address that cannot be decoded is refused, in the form of the door it was sent to', async () => {
  for (const odd of ODD) {
    for (const path of [
      `/api/queues/%2F/${odd}`,
      `/api/queues/${odd}`,
      `/api/auth/hash_password/${odd}`,
      `/api/${odd}`,
    ]) {
      const { status, text } = await ask('GET', path);
      expect([path, status, JSON.parse(text).error]).toEqual([path, 400, 'bad_request']);
      expect((await ask('PUT', path, { body: {} })).status).toBe(400);
    }
    const { status, text } = await ask('POST', `/console-api/${odd}`, { body: {} });
    expect([odd, status, JSON.parse(text).error]).toEqual([odd, 400, 'INVALID_REQUEST']);
    expect([odd, (await ask('GET', `/metrics/${odd}`)).status]).toEqual([odd, 400]);
    for (const path of [
      `/c/local/queues/%2F/${odd}`,
      `/exchanges/${odd}/a`,
      `/${odd}`,
      `/login/${odd}`,
      `/api-docs/${odd}`,
    ]) {
      const page = await ask('GET', path);
      expect([path, page.status]).toEqual([path, 400]);
      expect(page.text).toContain('<html');
    }
  }
});

test('an odd name in an address is a name like any other: nothing of it is an error of the server', async () => {
  for (const odd of [...READABLE, LONG]) {
    const doors = [
      `/api/queues/%2F/${odd}`,
      `/api/bindings/%2F/e/${odd}/q/${odd}`,
      `/console-api/${odd}`,
      `/metrics/${odd}`,
    ];
    const pages = [`/c/local/queues/%2F/${odd}`, `/c/local/exchanges/${odd}/${odd}`, `/${odd}`];
    for (const path of [...doors, ...pages]) {
      const { status } = await ask('GET', path);
      expect([path, status >= 500]).toEqual([path, false]);
    }
    const put = await ask('PUT', `/api/queues/%2F/${odd}`, { body: {} });
    expect([odd, [201, 400]]).toEqual([odd, expect.arrayContaining([put.status])]);
    // As with RabbitMQ a line feed is no part of a queue's name.
    const { status } = await ask('DELETE', `/api/queues/%2F/${odd.replace('%0A', '')}`);
    expect([odd, status]).toEqual([odd, put.status === 201 ? 204 : 404]);
  }
});

test('each byte of an address, on its own, is refused or read by every door, and never an error of the server', async () => {
  for (let byte = 0; byte < 256; byte++) {
    const odd = `a%${byte.toString(16).padStart(2, '0')}b`;
    for (const path of [`/api/queues/%2F/${odd}`, `/console-api/${odd}`, `/metrics/${odd}`]) {
      const { status } = await ask('GET', path);
      expect([path, status]).toEqual([path, byte < 0x80 ? 404 : 400]);
    }
    // All that cannot be read ends on the same page.
    const isShown = byte < 0x20 || byte % 32 === 0 || byte === 0xff;
    const page = `/c/local/queues/%2F/${odd}`;
    if (isShown) expect([odd, (await ask('GET', page)).status]).toEqual([odd, byte < 0x80 ? 200 : 400]);
  }
  expect((await ask('POST', '/queues/%FF', { body: {} })).status).toBe(400);
});

test('a target with the host in it is the path that it names; one that is no path is refused', async () => {
  expect((await ask('GET', 'http://elsewhere:1/api/whoami')).status).toBe(200);
  expect((await ask('OPTIONS', '*')).status).toBe(400);
});

test('the page for an address that cannot be decoded has frame and theme', async ({ page, expectErrors }) => {
  expectErrors(/400/);
  await signIn(page);
  expect((await page.goto('/c/local/queues/%2F/50%off'))?.status()).toBe(400);
  await expect(page.getByText('This address is malformed')).toBeVisible();
  await page.getByRole('link', { name: 'queues', exact: true }).click();
  await expect(page).toHaveURL(/\/queues$/);
});

test('a name with a percent sign has an address that can be written by hand', async ({ page }) => {
  await signIn(page);
  expect((await ask('PUT', '/api/queues/%2F/50%25off', { body: {} })).status).toBe(201);
  await page.goto('/c/local/queues/%2F/50%25off');
  await expect(page.getByRole('heading', { name: '50%off' })).toBeVisible();
  await expect(page).toHaveTitle(/^50%off/);
  expect((await ask('DELETE', '/api/queues/%2F/50%25off')).status).toBe(204);
});
