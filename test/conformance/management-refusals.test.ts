/** What the management API answers when it does not do what it is asked: word for word, for tools print it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi } from './api-client.ts';
import { startBroker, type TestBroker } from './broker.ts';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startBroker();
  await askApi(broker, 'PUT', '/queues/%2F/refused');
  await askApi(broker, 'PUT', '/users/bare', { password: 'p', tags: 'management' });
  await askApi(broker, 'PUT', '/permissions/%2F/bare', { configure: '', write: '', read: '' });
});
afterAll(() => broker.stop());

const GET = { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' };
const NOT_THERE = { error: 'Object Not Found', reason: 'Not Found' };
const NO_PAGE = { error: 'bad_request', reason: 'Pagination parameters are invalid' };
const noPage = (page: number, size?: number) => ({
  error: 'invalid_pagination_parameters',
  reason: `Invalid pagination parameters: page number ${page}, page size ${size}`,
});
const NO_ACCESS = { error: 'not_authorised', reason: 'Access refused.' };

test.each([
  ['GET', '/queues/%2F/none', undefined, 404, NOT_THERE],
  ['DELETE', '/queues/%2F/none', undefined, 404, NOT_THERE],
  ['GET', '/exchanges/%2F/none', undefined, 404, NOT_THERE],
  ['DELETE', '/exchanges/%2F/none', undefined, 404, NOT_THERE],
  ['DELETE', '/connections/none', undefined, 404, NOT_THERE],
  [
    'POST',
    '/queues/%2F/none/get',
    GET,
    404,
    { error: 'not_found', reason: "NOT_FOUND - no queue 'none' in vhost '/'" },
  ],
  [
    'POST',
    '/bindings/%2F/e/amq.direct/q/none',
    {},
    404,
    { error: 'not_found', reason: "no queue 'none' in vhost '/'" },
  ],
  [
    'POST',
    '/queues/%2F/refused/get',
    { ...GET, encoding: [{ toString: 0 }] },
    400,
    { error: 'bad_request', reason: 'Unsupported encoding: [{"toString":0}]' },
  ],
  ['GET', '/queues?page=0', undefined, 400, noPage(0)],
  ['GET', '/queues?page=1&page_size=0', undefined, 400, noPage(1, 0)],
  ['GET', '/queues?page=1&page_size=501', undefined, 400, noPage(1, 501)],
  ['GET', '/queues?page=one', undefined, 400, NO_PAGE],
  ['GET', '/queues?page=1&page_size=1.5', undefined, 400, NO_PAGE],
  ['PUT', '/queues/%2F/amq.mine', {}, 401, NO_ACCESS],
  ['PUT', '/exchanges/%2F/amq.mine', {}, 401, NO_ACCESS],
  ['DELETE', '/exchanges/%2F/amq.direct', undefined, 401, NO_ACCESS],
] as const)('%s %s', async (method, path, body, status, refusal) => {
  expect(await askApi(broker, method, path, body)).toMatchObject({ status, body: refusal });
});

test.each([
  ['PUT', '/queues/%2F/mine', {}],
  ['DELETE', '/queues/%2F/refused', undefined],
  ['POST', '/bindings/%2F/e/amq.direct/q/refused', {}],
] as const)('%s %s without the permission', async (method, path, body) => {
  expect(await askApi(broker, method, path, body, 'bare:p')).toMatchObject({ status: 401, body: NO_ACCESS });
});

test('a wrong password: 401 with the realm and the reason', async () => {
  const { status, headers, body } = await askApi(broker, 'GET', '/overview', undefined, 'guest:wrong');
  expect([status, headers.get('www-authenticate'), body]).toEqual([
    401,
    'Basic realm="RabbitMQ Management"',
    { error: 'not_authorized', reason: 'Not_Authorized' },
  ]);
});

test('an exchange of no type is direct', async () => {
  expect((await askApi(broker, 'PUT', '/exchanges/%2F/untyped', {})).status).toBe(201);
  expect((await askApi(broker, 'GET', '/exchanges/%2F/untyped')).body.type).toBe('direct');
});

test.each([
  ['/queues/', 200],
  ['/queues/%2F/', 200],
  ['/queues/%2F/refused/', 200],
  ['/overview/', 200],
  ['/queues//', 404],
])('a slash at the end counts for nothing, two do: %s', async (path, status) => {
  expect((await askApi(broker, 'GET', path)).status).toBe(status);
});
