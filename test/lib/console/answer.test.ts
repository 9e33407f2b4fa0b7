import { describe, expect, test, vi } from 'vitest';
import { answer } from '../../../lib/console/answer.ts';
import { EMBEDDED_CAPABILITIES } from '../../../lib/engine/embedded/capabilities.ts';
import { EngineError, type EngineErrorCode } from '../../../lib/engine/errors.ts';
import type { Engine } from '../../../lib/engine/port.ts';
import { setLog } from '../../../lib/log.ts';
import { deskInMemory, identityOf } from './desk-in-memory.ts';

const HOST = 'http://localhost:15672';

interface Asked {
  engine?: Partial<Engine>;
  user?: string | null;
  headers?: Record<string, string>;
  remoteAddress?: string;
  /** Left out: one of its own. */
  place?: ReturnType<typeof deskInMemory>;
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  { engine, user = 'ops', headers, remoteAddress, place = deskInMemory(engine) }: Asked = {},
) {
  const { desk, entries } = place;
  const sessions: (string | null)[] = [];
  const init = {
    method,
    headers: { host: 'localhost:15672', 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
  const response = await answer(desk, new Request(`${HOST}/console-api${path}`, init), path.split('?')[0] as string, {
    remoteAddress: remoteAddress ?? '127.0.0.1',
    user,
    sessionId: 'this',
    isSignedIn: async () => true,
    setSession: async (name) => {
      sessions.push(name);
    },
  });
  return { status: response.status, body: await response.json(), entries, sessions };
}

const purge = { vhost: '/', name: 'orders' };

describe('who may', () => {
  test('a stranger may not, a user without a tag for the console may not either', async () => {
    expect((await ask('GET', '/vhosts', undefined, { user: null })).body.error).toBe('UNAUTHENTICATED');
    expect((await ask('GET', '/vhosts', undefined, { user: 'nobody' })).status).toBe(401);
    expect(await ask('GET', '/vhosts', undefined, { user: 'app' })).toMatchObject({
      status: 403,
      body: { error: 'NOT_PERMITTED' },
    });
  });

  test.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ origin: 'http://evil.example' }],
    [{ origin: 'null' }],
  ])('another site may not change anything: %j', async (headers) => {
    const purgeQueue = vi.fn();
    const refused = await ask('POST', '/queue/purge', purge, { headers, engine: { purgeQueue } });
    expect(refused).toMatchObject({ status: 403, body: { error: 'CROSS_SITE' } });
    expect(purgeQueue).not.toHaveBeenCalled();
  });

  test.each([[{ 'sec-fetch-site': 'same-origin' }], [{ origin: HOST }], [{}]])('this site may: %j', async (headers) => {
    const engine = { purgeQueue: async () => 3 };
    expect(await ask('POST', '/queue/purge', purge, { headers, engine })).toMatchObject({
      status: 200,
      body: { messages: 3 },
    });
  });
});

describe('what is asked', () => {
  test('a path and a method that are not there', async () => {
    expect(await ask('GET', '/nonsense')).toMatchObject({ status: 404, body: { error: 'NO_SUCH_ROUTE' } });
    expect(await ask('DELETE', '/vhosts', {})).toMatchObject({ status: 405, body: { reason: '/vhosts takes GET' } });
  });

  test('what is wrong is named by its place', async () => {
    const declaration = {
      vhost: '/',
      name: 'q',
      durable: 'yes',
      autoDelete: false,
      arguments: [{ name: 'a', field: { type: 'l', value: 5 } }],
    };
    const { status, body } = await ask('POST', '/queue', declaration);
    expect(status).toBe(400);
    expect(body.reason).toContain('durable:');
    expect(body.reason).toContain('arguments.0.field.value:');
  });

  test.each([
    ['POST', 'not json', {}],
    ['POST', { vhost: '/', name: '' }, {}],
    ['POST', { vhost: '/', name: 'ü'.repeat(128) }, {}],
    ['POST', { ...purge, more: 1 }, {}],
    ['POST', purge, { 'content-type': 'text/plain' }],
  ])('is refused before the engine sees it: %s %j', async (method, body, headers) => {
    expect(await ask(method, '/queue/purge', body, { headers })).toMatchObject({
      status: 400,
      body: { error: 'INVALID_REQUEST' },
    });
  });

  test('a body beyond the limit is refused, whatever its length claims to be', async () => {
    const huge = JSON.stringify({ ...purge, name: 'x'.repeat(17 * 1024 * 1024) });
    expect((await ask('POST', '/queue/purge', huge)).status).toBe(413);
    expect((await ask('POST', '/queue/purge', purge, { headers: { 'content-length': '99999999999' } })).status).toBe(
      413,
    );
  });

  test('tables nested without end are refused', async () => {
    let field: unknown = { type: 'V', value: null };
    for (let i = 0; i < 70; i++) field = { type: 'F', value: [{ name: 'n', field }] };
    const { status, body } = await ask('POST', '/route', {
      vhost: '/',
      exchange: '',
      routingKey: '',
      properties: { headers: [{ name: 'n', field }] },
    });
    expect(status).toBe(400);
    expect(body.reason).toContain('nested');
  });
});

describe('errors', () => {
  test.each<[EngineErrorCode, number]>([
    ['NOT_FOUND', 404],
    ['PRECONDITION_FAILED', 409],
    ['ACCESS_REFUSED', 403],
    ['NOT_ALLOWED', 403],
    ['RESOURCE_LOCKED', 423],
    ['INVALID_REQUEST', 400],
    ['UNAVAILABLE', 503],
  ])('%s is %i, with the reason as the broker words it', async (code, status) => {
    const engine = { purgeQueue: () => Promise.reject(new EngineError(code, `${code} - because`)) };
    expect(await ask('POST', '/queue/purge', purge, { engine })).toMatchObject({
      status,
      body: { error: code, reason: `${code} - because` },
    });
  });

  test('what nobody foresaw says nothing of itself', async () => {
    const log = vi.fn();
    setLog(log);
    const engine = { purgeQueue: () => Promise.reject(new Error('secret path /var/lib')) };
    const { status, body } = await ask('POST', '/queue/purge', purge, { engine });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(log).toHaveBeenCalledWith(
      'error',
      expect.stringMatching(/^console: POST \/queue\/purge failed: Error: secret/),
    );
  });
});

describe('the audit', () => {
  test('an act is kept with who, what and how it ended', async () => {
    const { entries } = await ask('POST', '/queue/purge', purge, { engine: { purgeQueue: async () => 3 } });
    expect(entries).toMatchObject([
      {
        user: 'ops',
        remoteAddress: '127.0.0.1',
        action: 'queue.purge',
        vhost: '/',
        object: 'orders',
        detail: '3 messages removed',
        outcome: 'ok',
      },
    ]);
  });

  test('so is a refused one', async () => {
    const engine = { purgeQueue: () => Promise.reject(new EngineError('ACCESS_REFUSED', 'no')) };
    const { entries } = await ask('POST', '/queue/purge', purge, { engine });
    expect(entries).toMatchObject([{ action: 'queue.purge', outcome: 'ACCESS_REFUSED' }]);
  });

  test('looking is not kept', async () => {
    const { entries } = await ask('GET', '/vhosts', undefined, { engine: { listVhosts: async () => ['/'] } });
    expect(entries).toEqual([]);
  });
});

describe('signing in', () => {
  const engine = {
    authenticate: async (user: string, password: string) => (password === 'right' ? identityOf(user) : null),
  };

  test('begins a session; the password is kept nowhere', async () => {
    const { status, sessions, entries } = await ask(
      'POST',
      '/session',
      { user: 'ops', password: 'right' },
      { engine, user: null },
    );
    expect([status, sessions]).toEqual([200, ['ops']]);
    expect(JSON.stringify(entries)).not.toContain('right');
  });

  test('a wrong password is refused and kept in the audit', async () => {
    const { body, sessions, entries } = await ask(
      'POST',
      '/session',
      { user: 'ops', password: 'wrong' },
      { engine, user: null },
    );
    expect(body).toEqual({ error: 'UNAUTHENTICATED', reason: 'Wrong name or password.' });
    expect(sessions).toEqual([]);
    expect(entries).toMatchObject([{ user: 'ops', action: 'session.sign-in', outcome: 'UNAUTHENTICATED' }]);
  });

  test('a user without a tag is told which ones open the console', async () => {
    const { status, body } = await ask('POST', '/session', { user: 'app', password: 'right' }, { engine, user: null });
    expect(status).toBe(403);
    expect(body.reason).toContain('monitoring');
  });

  test('guessing ends by user and address, and is one entry of the audit', async () => {
    const place = deskInMemory(engine);
    const guess = (password: string, remoteAddress = '10.9.9.9') =>
      ask('POST', '/session', { user: 'ops', password }, { place, user: null, remoteAddress });
    for (let i = 0; i < 10; i++) expect((await guess(`no ${i}`)).status).toBe(401);
    for (let i = 0; i < 10; i++) expect((await guess(`no more ${i}`)).status).toBe(429);
    expect((await guess('right')).status).toBe(429);
    expect((await guess('right', '10.9.9.8')).status).toBe(200);
    expect(place.entries.map(({ outcome, remoteAddress }) => [outcome, remoteAddress])).toEqual([
      ['UNAUTHENTICATED', '10.9.9.9'],
      ['ok', '10.9.9.8'],
    ]);
  });

  test('signing out ends it, also when it has ended already', async () => {
    expect((await ask('DELETE', '/session', {}, { user: null })).sessions).toEqual([null]);
  });
});

test('what the broker can do is told to whoever is signed in', async () => {
  const engine = { capabilities: EMBEDDED_CAPABILITIES };
  expect((await ask('GET', '/capabilities', undefined, { engine })).body).toEqual(EMBEDDED_CAPABILITIES);
  expect((await ask('GET', '/capabilities', undefined, { engine, user: null })).status).toBe(401);
});
