/** What both doors keep to: every verb is an operation, and is one of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ACTIONS } from '../../../lib/audit/actions.ts';
import { answer as answerConsole } from '../../../lib/console/answer.ts';
import { ROUTES } from '../../../lib/console/routes.ts';
import type { Engine } from '../../../lib/engine/port.ts';
import { answer as answerManagement } from '../../../lib/management/answer.ts';
import { API_ROUTES } from '../../../lib/management/api-routes.ts';
import { READS } from '../../../lib/operations/reads.ts';
import type { Role } from '../../../lib/users/role.ts';
import { deskInMemory, identityOf } from '../console/desk-in-memory.ts';

/** Questions that do not fit a query, and the end of one's own session. */
const NO_ACTS = ['POST /dead-letters/plan', 'POST /route', 'DELETE /session'];

const OPERATIONS = new Set([...ROUTES, ...API_ROUTES].flatMap(({ operation }) => operation ?? []));

test('whatever may change something performs an operation, and nothing else does', () => {
  for (const door of [ROUTES, API_ROUTES]) {
    const acting = door.filter(({ method, path }) => method !== 'GET' && !NO_ACTS.includes(`${method} ${path}`));
    expect(acting.length).toBeGreaterThan(10);
    expect(door.filter(({ operation }) => operation !== undefined)).toEqual(acting);
  }
});

test('every action is one operation or a look, and both doors perform the same one', () => {
  const actions = [...OPERATIONS].map(({ action }) => action);
  expect([...actions, ...READS].toSorted()).toEqual(Object.keys(ACTIONS).toSorted());
});

test('no route says a method and a path that another one says', () => {
  for (const door of [ROUTES, API_ROUTES]) {
    const places = door.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(places).size).toBe(places.length);
  }
});

test('who may is said by the operation alone', () => {
  for (const { operation, access } of API_ROUTES) if (operation !== undefined) expect(access).toBe(operation.role);
});

/** Calls of the port that only ask, and may stand on both sides. */
const ASKING = /^(list\w*|queue|exchange|bindings|vhost|user|policy|connection|overview|identity|authenticate)$/;

function callsIn(folder: string): { file: string; verb: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => callsOf(`${folder}/${name}`, readFileSync(`${folder}/${name}`, 'utf8')));
}

function callsOf(file: string, text: string): { file: string; verb: string }[] {
  const calls = text.matchAll(/\b(?:engine|facts|metrics|sessions)\s*\.\s*(\w+)\(/g);
  return [...calls].map(([, verb]) => ({ file, verb: verb as string })).filter(({ verb }) => !ASKING.test(verb));
}

test('neither door changes anything by itself: the verbs of operations are called there only', () => {
  const verbs = new Set(callsIn('lib/operations').map(({ verb }) => verb));
  expect([...verbs].toSorted()).toEqual(
    expect.arrayContaining(['bind', 'declareQueue', 'fetch', 'putUser', 'reset', 'resetLogins', 'revoke']),
  );
  const breaches = (calls: { file: string; verb: string }[]) => calls.filter(({ verb }) => verbs.has(verb));
  const doors = ['lib/console', 'lib/management'].flatMap(callsIn);
  expect(doors.length).toBeGreaterThan(20);
  expect(breaches(doors), 'perform the operation of lib/operations that does it').toEqual([]);
  // It would be seen.
  expect(breaches(callsOf('planted', 'await call.desk.engine\n  .purgeQueue(actor, vhost, name);'))).toHaveLength(1);
});

const PLACE = { vhost: 'v', name: 'q' };
const DECLARED = { durable: true, autoDelete: false, arguments: [] };
const BINDING = { vhost: 'v', source: 'x', destinationType: 'queue', destination: 'q', routingKey: 'k', arguments: [] };
const setSession = async () => {};

const engine = {
  authenticate: async (user: string) => identityOf(user),
  listVhosts: async () => ['v'],
  queue: async () => ({ type: 'classic', ready: 3 }),
  exchange: async () => ({ type: 'topic' }),
  bindings: async () => ({ rows: [BINDING], total: 1 }),
  declareQueue: async () => ({ name: 'q', created: true }),
  deleteQueue: async () => 3,
  purgeQueue: async () => 3,
  bind: async () => {},
} as unknown as Partial<Engine>;

test.each<[method: string, path: string, input: object, api: [method: string, path: string, body?: object]]>([
  ['POST', '/queue', { ...PLACE, ...DECLARED }, ['PUT', '/queues/v/q', DECLARED]],
  ['DELETE', '/queue', PLACE, ['DELETE', '/queues/v/q']],
  ['POST', '/queue/purge', PLACE, ['DELETE', '/queues/v/q/contents']],
  ['POST', '/binding', BINDING, ['POST', '/bindings/v/e/x/q/q', { routing_key: 'k' }]],
])('the audit of %s %s is the same whichever door it came through', async (method, path, sent, api) => {
  const { desk, entries } = deskInMemory(engine);
  const request = (method: string, url: string, body: unknown, headers: Record<string, string>) =>
    new Request(`http://localhost${url}`, {
      method,
      headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const caller = { remoteAddress: '::1', user: 'ops', sessionId: 's', isSignedIn: async () => true, setSession };
  const byConsole = await answerConsole(desk, request(method, `/console-api${path}`, sent, {}), path, caller);
  const [apiMethod, apiPath, body] = api;
  const asked = request(apiMethod, `/api${apiPath}`, body, { authorization: `Basic ${btoa('ops:pw')}` });
  const byApi = await answerManagement(desk, asked, apiPath, '::1');
  expect([byConsole.ok, byApi.ok]).toEqual([true, true]);
  const [one, other] = entries.map(({ at: _, ...entry }) => entry);
  expect(other).toEqual({ ...one, detail: [one?.detail, 'by API'].filter(Boolean).join(', ') });
});

const REFUSED: Record<Role, string> = {
  management: 'Not management user',
  policymaker: 'User not authorised to access object',
  monitoring: 'Not monitor user',
  administrator: 'Not administrator user',
};

describe('who has not the role of an act', () => {
  const watcher = async (user: string) => ({ user, tags: ['monitoring'], vhosts: ['v'] });
  const inMemory = () => deskInMemory({ ...engine, identity: watcher, authenticate: watcher });
  const caller = { remoteAddress: '::1', user: 'ops', sessionId: 's', isSignedIn: async () => true, setSession };

  test.each<[method: string, path: string, role: Role, body?: object]>([
    ['PUT', '/policies/v/p', 'policymaker', { pattern: '^a', definition: { 'max-length': 1 } }],
    ['DELETE', '/users/ada', 'administrator'],
  ])('is refused %s %s in RabbitMQ’s words, and that is kept', async (method, path, role, body) => {
    const { desk, entries } = inMemory();
    const headers = { host: 'localhost', authorization: `Basic ${btoa('ops:pw')}` };
    const sent = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answered = await answerManagement(desk, new Request(`http://localhost/api${path}`, sent), path, '::1');
    const answer = { error: 'not_authorised', reason: REFUSED[role] };
    expect([answered.status, await answered.json()]).toEqual([401, answer]);
    expect(entries).toMatchObject([{ outcome: 'NOT_PERMITTED', user: 'ops' }]);
    // Whatever else is wrong with the request.
    const wrong = path.replace('/v/', '/elsewhere/');
    const odd = new Request(`http://localhost/api${wrong}`, { method, headers, body: '{' });
    expect(await (await answerManagement(desk, odd, wrong, '::1')).json()).toEqual(answer);
  });

  test('any more when it is done is refused by the console in its own, and that is kept', async () => {
    const tags = [['management'], []];
    const identity = async (user: string) => ({ user, tags: tags.shift() ?? [], vhosts: ['v'] });
    const { desk, entries } = deskInMemory({ ...engine, identity });
    const headers = { host: 'localhost', 'content-type': 'application/json' };
    const sent = { method: 'DELETE', headers, body: JSON.stringify(PLACE) };
    const asked = new Request('http://localhost/console-api/queue', sent);
    const answered = await answerConsole(desk, asked, '/queue', caller);
    const reason = "User 'ops' needs the tag management.";
    expect([answered.status, await answered.json()]).toEqual([403, { error: 'NOT_PERMITTED', reason }]);
    expect(entries).toMatchObject([{ outcome: 'NOT_PERMITTED', user: 'ops', object: 'q' }]);
  });
});
