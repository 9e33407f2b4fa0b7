/** The HTTP edge of the built server: what comes through proxies, what is compressed, what is not logged. */
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { expect, test, uniqueName } from './console-test.ts';

const BASIC = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };

interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Unlike fetch, decompresses nothing and sends what it is told. */
function ask(method: string, path: string, headers: Record<string, string>, body?: object): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: process.env.WARREN_TEST_PORT, method, path, headers },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece) => pieces.push(piece));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

test.describe('a user of this machine only', () => {
  for (const [name, value] of [
    ['x-forwarded-for', '127.0.0.1'],
    ['x-real-ip', '127.0.0.1'],
    ['forwarded', 'for=127.0.0.1'],
    ['via', '1.1 proxy'],
    ['x-forwarded-proto', 'https'],
  ] as const)
    test(`may not come through a proxy that sends ${name}`, async () => {
      expect((await ask('GET', '/api/whoami', { ...BASIC, [name]: value })).status).toBe(401);
      const credentials = { user: 'guest', password: 'guest' };
      const json = { 'content-type': 'application/json', [name]: value };
      expect((await ask('POST', '/console-api/session', json, credentials)).status).toBe(401);
      expect((await ask('GET', '/metrics/per-object', { [name]: value })).status).toBe(403);
    });

  test('may come from this machine, whatever address a client writes into headers of ours', async () => {
    expect((await ask('GET', '/api/whoami', { ...BASIC, 'x-warren-peer': '10.9.9.9' })).status).toBe(200);
    expect((await ask('GET', '/metrics/per-object', {})).status).toBe(200);
    expect((await ask('GET', '/metrics/detailed?family=queue_metrics', {})).status).toBe(200);
  });
});

test.describe('answers in JSON', () => {
  test('of the management API come in gzip to who takes it', async () => {
    const plain = await ask('GET', '/api/exchanges', BASIC);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const packed = await ask('GET', '/api/exchanges', { ...BASIC, 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers.vary).toContain('accept, accept-encoding, origin');
    expect(JSON.parse(gunzipSync(packed.body).toString())).toHaveLength(JSON.parse(plain.body.toString()).length);
    expect(packed.body.length).toBeLessThan(plain.body.length / 2);
  });

  test("of the console's API too, and its stream of events does not", async ({ page, amqp }) => {
    for (let i = 0; i < 10; i++) await amqp.assertQueue(uniqueName('packed'));
    const credentials = { user: 'guest', password: 'guest' };
    const session = await ask('POST', '/console-api/session', { 'content-type': 'application/json' }, credentials);
    const headers = {
      cookie: String(session.headers['set-cookie']).split(';')[0] as string,
      'accept-encoding': 'gzip',
    };
    const packed = await ask('GET', '/console-api/queues', headers);
    expect([packed.status, packed.headers['content-encoding']]).toEqual([200, 'gzip']);
    expect(JSON.parse(gunzipSync(packed.body).toString()).rows.length).toBeGreaterThan(0);
    const encoding = await new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: process.env.WARREN_TEST_PORT, path: '/console-api/events', headers },
        (response) => {
          resolve(response.headers['content-encoding']);
          sent.destroy();
        },
      );
      sent.on('error', reject);
      sent.end();
    });
    expect(encoding).toBeUndefined();
    await page.goto('/login');
  });

  test('metrics on this port say that they are compressed', async () => {
    const packed = await ask('GET', '/metrics', { 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.body).toString()).toContain('rabbitmq_identity_info');
  });
});

test('a method that no door takes is refused, by pages too, and is no error of the server', async () => {
  for (const method of ['TRACE', 'PATCH'])
    for (const path of ['/api/whoami', '/console-api/session', '/metrics', '/healthz'])
      expect([method, path, (await ask(method, path, BASIC)).status]).toEqual([method, path, 405]);
  for (const path of ['/', '/c/local/queues', '/queues', '/nowhere'])
    expect((await ask('TRACE', path, BASIC)).status).toBeLessThan(500);
});
