import { afterEach, expect, test } from 'vitest';
import { EngineError } from '../../../lib/engine/errors.ts';
import { createLog, setLog } from '../../../lib/log.ts';
import { answer } from '../../../lib/management/answer.ts';
import { deskInMemory } from '../console/desk-in-memory.ts';

const BASIC = { authorization: `Basic ${Buffer.from('ops:right').toString('base64')}` };

afterEach(() => setLog(createLog('info')));

test('what nobody foresaw is logged by the kind of its path: the path itself may hold a password', async () => {
  const lines: string[] = [];
  setLog((level, text) => lines.push(`${level} ${text}`));
  const { desk } = deskInMemory({ authenticate: () => Promise.reject(new Error('out of order')) });
  const path = '/auth/hash_password/hunter2';
  const request = new Request(`http://localhost/api${path}`, { headers: BASIC });
  const response = await answer(desk, request, path, '127.0.0.1');
  expect([response.status, JSON.stringify(await response.json())]).toEqual([
    500,
    expect.not.stringContaining('hunter2'),
  ]);
  expect(lines).toEqual([
    expect.stringContaining('error api: GET /auth/hash_password/:password failed: Error: out of order'),
  ]);
  expect(lines[0]).not.toContain('hunter2');
});

test('a broker that does not answer is 503 with its reason, and no failed sign-in', async () => {
  const { desk, entries } = deskInMemory({
    authenticate: () => Promise.reject(new EngineError('UNAVAILABLE', 'the broker has not answered since then')),
  });
  for (let i = 0; i < 30; i++) {
    const request = new Request('http://localhost/api/whoami', { headers: BASIC });
    const response = await answer(desk, request, '/whoami', '203.0.113.9');
    expect([response.status, await response.json()]).toEqual([
      503,
      { error: 'unavailable', reason: 'the broker has not answered since then' },
    ]);
  }
  expect(entries).toEqual([]);
});

test.each([
  [[], '/nodes', 'Not management user'],
  [['policymaker'], '/nodes', 'Not monitor user'],
  [['monitoring'], '/users', 'Not administrator user'],
  [['monitoring'], '/parameters', 'User not authorised to access object'],
])('who has the tags %j is refused %s in RabbitMQ’s words', async (tags, path, reason) => {
  const { desk } = deskInMemory({ authenticate: async () => ({ user: 'ops', tags, vhosts: [] }) });
  const request = new Request(`http://localhost/api${path}`, { headers: BASIC });
  const response = await answer(desk, request, path, '127.0.0.1');
  expect([response.status, await response.json()]).toEqual([401, { error: 'not_authorised', reason }]);
});

test('what this broker has not is 501 with the reason', async () => {
  const { desk } = deskInMemory({
    authenticate: async (user) => ({ user, tags: ['management'], vhosts: ['v'] }),
    listVhosts: async () => ['v'],
    bindings: () => Promise.reject(new EngineError('NOT_IMPLEMENTED', 'there are no bindings here')),
  });
  const request = new Request('http://localhost/api/queues/v/q/bindings', { headers: BASIC });
  const response = await answer(desk, request, '/queues/v/q/bindings', '127.0.0.1');
  expect([response.status, await response.json()]).toEqual([
    501,
    { error: 'not_implemented', reason: 'there are no bindings here' },
  ]);
});
