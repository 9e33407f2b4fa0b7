/** Bodies and tables that are nested too deep are refused by every route that takes one, and said so; nothing is an error of the server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { API_ROUTES } from '../../lib/management/api-routes.ts';
import { askApi } from './api-client.ts';
import { startBroker, type TestBroker } from './broker.ts';
import { ConsoleClient } from './console-client.ts';

let broker: TestBroker;
let client: ConsoleClient;
beforeAll(async () => {
  broker = await startBroker();
  client = await ConsoleClient.signedIn(broker);
});
afterAll(() => broker.stop());

const LEVELS = 3_000;
const DEEP = `${'{"a":['.repeat(LEVELS / 2)}1${']}'.repeat(LEVELS / 2)}`;
/** As deep as the wire takes tables: 64 in the one that is a message's headers or an object's arguments. */
const DEEPEST = 64;

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? { a: value } : [value];
  return value;
}

function typed(levels: number): object {
  let field: object = { type: 'V', value: null };
  for (let i = 0; i < levels; i++)
    field = i % 2 === 0 ? { type: 'F', value: [{ name: 'a', field }] } : { type: 'A', value: [field] };
  return [{ name: 'a', field }];
}

describe('JSON of 3,000 levels is refused, and told why', () => {
  const withBody = API_ROUTES.filter(({ body }) => body !== undefined);
  test.each(withBody.map(({ method, path }) => [method, path]))('%s %s', async (method, path) => {
    const real = path.replaceAll(':vhost', '%2F').replaceAll(/:\w+/g, 'thing');
    const { status, body } = await askApi(broker, method, real, DEEP);
    // What is not there is said before anything is read of it.
    if (status === 404) return;
    expect([path, status]).toEqual([path, 400]);
    expect(body).toEqual({ error: 'bad_request', reason: 'the JSON is nested deeper than 256 levels' });
  });

  test.each([
    ['POST', '/session'],
    ['DELETE', '/session'],
    ['DELETE', '/sessions'],
    ['POST', '/queue'],
    ['DELETE', '/queue'],
    ['POST', '/queue/purge'],
    ['POST', '/exchange'],
    ['DELETE', '/exchange'],
    ['POST', '/binding'],
    ['DELETE', '/binding'],
    ['POST', '/publish'],
    ['POST', '/route'],
    ['POST', '/dead-letters/replay'],
  ])("the console's %s %s", async (method, path) => {
    const response = await client.send(method, path, DEEP);
    expect([path, response.status]).toEqual([path, 400]);
    expect(await response.json()).toMatchObject({
      error: 'INVALID_REQUEST',
      reason: expect.stringContaining('nested'),
    });
  });
});

let lastName = 0;
/** A name that nothing has yet: what exists is not declared again. */
const freshName = (): string => `fresh${++lastName}`;
const EXCHANGE = { type: 'direct', durable: true };
const HEADERS = { routing_key: '', payload: '', payload_encoding: 'string' };

describe(`a table of ${DEEPEST} levels is taken, one of ${DEEPEST + 1} is refused`, () => {
  test.each<[string, string, (table: unknown) => object]>([
    ['PUT', '/queues/%2F/nested', (table) => ({ arguments: { 'x-note': table } })],
    ['PUT', '/exchanges/%2F/nested', (table) => ({ ...EXCHANGE, arguments: { 'x-note': table } })],
    ['POST', '/bindings/%2F/e/amq.headers/q/nested', (table) => ({ arguments: { a: table } })],
    ['POST', '/bindings/%2F/e/amq.headers/e/nested', (table) => ({ arguments: { a: table } })],
    ['POST', '/exchanges/%2F/amq.topic/publish', (table) => ({ ...HEADERS, properties: { headers: { a: table } } })],
    [
      'POST',
      '/definitions',
      (table) => ({ queues: [{ name: freshName(), vhost: '/', arguments: { 'x-note': table } }] }),
    ],
  ])('%s %s', async (method, path, bodyOf) => {
    const taken = await askApi(broker, method, path, bodyOf(nested(DEEPEST)));
    expect([path, taken.status < 300, taken.body]).toEqual([path, true, taken.body]);
    const { status, body } = await askApi(broker, method, path, bodyOf(nested(DEEPEST + 1)));
    expect([path, status]).toEqual([path, 400]);
    expect(body.reason).toContain(`nested deeper than ${DEEPEST} levels`);
  });

  const at = { vhost: '/', exchange: 'amq.topic', routingKey: '' };
  test.each<[string, string, (table: object) => object]>([
    ['POST', '/queue', (table) => ({ vhost: '/', name: 'n3', durable: true, autoDelete: false, arguments: table })],
    [
      'POST',
      '/exchange',
      (table) => ({
        vhost: '/',
        name: 'n3',
        type: 'direct',
        durable: true,
        autoDelete: false,
        internal: false,
        arguments: table,
      }),
    ],
    [
      'POST',
      '/binding',
      (table) => ({
        ...{ vhost: '/', source: 'amq.headers', destinationType: 'queue', destination: 'n3' },
        ...{ routingKey: '', arguments: table },
      }),
    ],
    ['POST', '/publish', (table) => ({ ...at, properties: { headers: table }, body: '' })],
    ['POST', '/route', (table) => ({ ...at, properties: { headers: table } })],
  ])("the console's %s %s", async (method, path, bodyOf) => {
    const taken = await client.send(method, path, bodyOf(typed(DEEPEST)));
    expect([path, taken.status, taken.ok || (await taken.text())]).toEqual([path, 200, true]);
    const refused = await client.send(method, path, bodyOf(typed(DEEPEST + 1)));
    expect([path, refused.status]).toEqual([path, 400]);
    expect((await refused.json()).reason).toContain(`nested deeper than ${DEEPEST} levels`);
  });
});

test('a flat table of a hundred thousand entries is no error of the server', async () => {
  const headers = Array.from({ length: 150_000 }, (_, i) => ({ name: `h${i}`, field: { type: 'V', value: null } }));
  const response = await client.send('POST', '/route', {
    ...{ vhost: '/', exchange: 'amq.topic', routingKey: '' },
    properties: { headers },
  });
  expect(response.status).toBeLessThan(500);
});
