/** What the audit keeps of each operation. */
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import type { Action } from '../../../lib/audit/actions.ts';
import type { AuditEntry } from '../../../lib/audit/entry.ts';
import { withoutSecrets } from '../../../lib/audit/secrets.ts';
import { ROUTES } from '../../../lib/console/routes.ts';
import { EngineError } from '../../../lib/engine/errors.ts';
import type { Engine } from '../../../lib/engine/port.ts';
import { API_ROUTES } from '../../../lib/management/api-routes.ts';
import type { Operation } from '../../../lib/operations/operation.ts';
import { perform } from '../../../lib/operations/perform.ts';
import { deskInMemory, identityOf } from '../console/desk-in-memory.ts';
import { apiUser } from '../engine/api-user.ts';

const BY_ACTION = new Map(
  [...ROUTES, ...API_ROUTES].flatMap(({ operation }) =>
    operation === undefined ? [] : [[operation.action, operation]],
  ),
) as ReadonlyMap<Action, Operation>;

const NODE = 'warren@here';
const Q = { vhost: 'v', name: 'q' };
const QUEUE = {
  type: 'quorum',
  durable: true,
  autoDelete: false,
  exclusive: false,
  arguments: [],
  ready: 3,
  unacked: 1,
};
const SERVED = { isPaused: false, consumers: 2 };
const EXCHANGE = { type: 'topic', durable: true, autoDelete: false, internal: false, arguments: [] };
const BINDING = {
  vhost: 'v',
  source: 'x',
  destinationType: 'queue',
  destination: 'q',
  routingKey: 'k',
  arguments: [{ name: 'x-match', field: { type: 'S', value: 'all' } }],
};
const BINDINGS = [{ ...BINDING, arguments: [] }, { ...BINDING, source: 'other' }, BINDING];
const VHOST = {
  name: 'v',
  description: '',
  tags: [],
  defaultQueueType: null,
  protectedFromDeletion: false,
  tracing: false,
  limits: { 'max-queues': 5 },
};
const RIGHTS = { user: 'ada', vhost: 'v', configure: '', write: '', read: '.*' };
const POLICY = { pattern: '^a', applyTo: 'all', priority: 0, definition: { 'max-length': 1 } };
const DECLARED = { durable: true, autoDelete: false, arguments: [] };

/** Answers to what operations and their subjects ask; what changes something answers as if it had been done. */
const engine = {
  identity: async (user: string) => ({ user, tags: ['administrator'], vhosts: ['v'] }),
  authenticate: async (user: string) => identityOf(user),
  overview: async () => ({ node: NODE, clusterName: 'old' }),
  queue: async () => ({ ...QUEUE, ...SERVED }),
  exchange: async () => EXCHANGE,
  bindings: async () => ({ rows: BINDINGS, total: 3 }),
  vhost: async () => VHOST,
  user: async () => ({ name: 'ada', tags: ['management'], passwordHash: 'c2VjcmV0', limits: { 'max-channels': 7 } }),
  listPermissions: async () => [RIGHTS],
  listTopicPermissions: async () => [{ user: 'ada', vhost: 'v', exchange: 'x', write: '', read: 'k' }],
  policy: async () => ({ vhost: 'v', name: 'p', ...POLICY }),
  listParameters: async () => [{ component: 'c', vhost: 'v', name: 'n', value: 1 }],
  listGlobalParameters: async () => [{ name: 'n', value: 1 }],
  connection: async () => ({ user: 'ada', vhost: 'v', userProvidedName: 'app', authMechanism: 'PLAIN', channels: 2 }),
  declareQueue: async () => ({ name: 'q', created: true }),
  deleteQueue: async () => 3,
  purgeQueue: async () => 3,
  pauseQueue: async () => {},
  declareExchange: async () => ({ created: true }),
  deleteExchange: async () => {},
  bind: async () => {},
  unbind: async () => {},
  publish: async () => ({ routedTo: ['q'], refusedBy: [], delayed: false }),
  fetch: async () => [{}, {}],
  closeConnection: async () => {},
  closeConnectionsOfUser: async () => 2,
  putVhost: async () => ({ created: true }),
  deleteVhost: async () => {},
  putUser: async () => ({ created: true }),
  deleteUser: async () => {},
  putPermission: async () => ({ created: true }),
  deletePermission: async () => {},
  putTopicPermission: async () => ({ created: true }),
  deleteTopicPermissions: async () => {},
  putPolicy: async () => ({ created: true }),
  deletePolicy: async () => {},
  putParameter: async () => ({ created: true }),
  deleteParameter: async () => {},
  putGlobalParameter: async () => ({ created: true }),
  deleteGlobalParameter: async () => {},
  putVhostLimit: async () => {},
  deleteVhostLimit: async () => {},
  putUserLimit: async () => {},
  deleteUserLimit: async () => {},
  importDefinitions: async () => {},
  resetLogins: async () => {},
  checkMoves: async () => ({ refusal: null, targets: [] }),
  peek: async () => ({ messages: [], next: null, ready: 0, scanned: 0 }),
} as unknown as Partial<Engine>;

/** An input, what of it the audit keeps, and what it keeps of what was there before. */
const KEPT: Partial<Record<Action, [input: object, note: Partial<AuditEntry>, subject?: object]>> = {
  'session.sign-in': [
    { user: 'ada', password: 'pw' },
    { object: 'ada', detail: '' },
  ],
  'session.revoke': [{ id: 's' }, { object: 'ops' }],
  'queue.declare': [
    { ...Q, ...DECLARED },
    { vhost: 'v', object: 'q' },
    { ...QUEUE, bindings: BINDINGS },
  ],
  'queue.delete': [
    { ...Q, unused: false, empty: false },
    { vhost: 'v', object: 'q', detail: '3 messages went with it' },
    { ...QUEUE, bindings: BINDINGS },
  ],
  'queue.purge': [Q, { vhost: 'v', object: 'q', detail: '3 messages removed' }, { ready: 3 }],
  'queue.pause': [Q, { vhost: 'v', object: 'q' }, { ...SERVED, ready: 3 }],
  'queue.resume': [Q, { vhost: 'v', object: 'q' }, { ...SERVED, ready: 3 }],
  'queue.action': [
    { ...Q, action: 'sync' },
    { vhost: 'v', object: 'q', detail: 'sync' },
  ],
  'queues.rebalance': [{}, { vhost: null, object: null }],
  'replica.add': [
    { ...Q, node: NODE },
    { vhost: 'v', object: 'q', detail: `on ${NODE}` },
  ],
  'replica.delete': [
    { ...Q, node: NODE },
    { vhost: 'v', object: 'q', outcome: 'INVALID_REQUEST' },
  ],
  'replica.grow': [{ node: NODE }, { object: NODE }],
  'replica.shrink': [{ node: NODE }, { object: NODE, outcome: 'INVALID_REQUEST' }],
  'exchange.declare': [
    { ...Q, ...DECLARED, type: 'topic', internal: false },
    { object: 'q', detail: 'topic' },
    EXCHANGE,
  ],
  'exchange.delete': [{ ...Q, unused: false }, { vhost: 'v', object: 'q' }, EXCHANGE],
  'binding.add': [
    BINDING,
    { vhost: 'v', object: 'x', detail: "to queue 'q', key 'k'" },
    { routingKey: 'k', arguments: BINDING.arguments },
  ],
  'binding.remove': [
    BINDING,
    { vhost: 'v', object: 'x', detail: "to queue 'q', key 'k'" },
    { routingKey: 'k', arguments: BINDING.arguments },
  ],
  'message.publish': [
    { vhost: 'v', exchange: 'x', routingKey: 'k', properties: {}, body: 'aGk=', repeat: 2 },
    { vhost: 'v', object: 'x', detail: "2 with key 'k', reached 1 queues" },
  ],
  'message.get': [
    { vhost: 'v', queue: 'q', count: 2, settle: 'requeue', bodyBytesMax: 1 },
    { vhost: 'v', object: 'q', detail: '2 looked at and put back' },
  ],
  'dead-letter.replay': [
    { vhost: 'v', queue: 'q', positions: ['1:1'], filter: undefined, targetFor: 'all', force: true, pushOut: false },
    { vhost: 'v', object: 'q', detail: '1 selected, forced, 0 moved, 1 skipped' },
  ],
  'connection.close': [
    { name: 'a -> b', reason: 'maintenance' },
    { object: 'a -> b', detail: 'maintenance' },
    { user: 'ada', vhost: 'v', userProvidedName: 'app', authMechanism: 'PLAIN', channels: 2 },
  ],
  'connection.close-all': [
    { user: 'ada', reason: 'maintenance' },
    { object: 'ada', detail: 'maintenance, 2 closed' },
  ],
  'vhost.put': [{ name: 'v', tracing: true }, { vhost: 'v', object: 'v' }, VHOST],
  'vhost.delete': [{ name: 'v' }, { vhost: 'v', object: 'v' }, VHOST],
  'vhost.protect': [{ name: 'v' }, { vhost: 'v', object: 'v' }, VHOST],
  'vhost.unprotect': [{ name: 'v' }, { vhost: 'v', object: 'v' }, VHOST],
  'vhost.start': [
    { name: 'v', node: NODE },
    { vhost: 'v', object: 'v', detail: `on ${NODE}` },
  ],
  'user.put': [
    { name: 'ada', tags: [], password: 'pw' },
    { object: 'ada' },
    { name: 'ada', tags: ['management'], limits: { 'max-channels': 7 } },
  ],
  'user.delete': [
    { name: 'ada' },
    { object: 'ada' },
    { name: 'ada', tags: ['management'], limits: { 'max-channels': 7 } },
  ],
  'user.delete-many': [{ names: ['ada', 'bob'] }, { object: null, detail: 'ada, bob' }],
  'permission.put': [RIGHTS, { vhost: 'v', object: 'ada' }, RIGHTS],
  'permission.delete': [{ user: 'ada', vhost: 'v' }, { vhost: 'v', object: 'ada' }, RIGHTS],
  'topic-permission.put': [
    { user: 'ada', vhost: 'v', exchange: 'x', write: '', read: 'k' },
    { vhost: 'v', object: 'ada', detail: "for exchange 'x'" },
    { x: { write: '', read: 'k' } },
  ],
  'topic-permission.delete': [
    { user: 'ada', vhost: 'v' },
    { vhost: 'v', object: 'ada', detail: '' },
    { x: { write: '', read: 'k' } },
  ],
  'policy.put': [{ vhost: 'v', name: 'p', ...POLICY }, { vhost: 'v', object: 'p' }, POLICY],
  'policy.delete': [{ vhost: 'v', name: 'p' }, { vhost: 'v', object: 'p' }, POLICY],
  'operator-policy.put': [{ vhost: 'v', name: 'p', ...POLICY }, { vhost: 'v', object: 'p' }, POLICY],
  'operator-policy.delete': [{ vhost: 'v', name: 'p' }, { vhost: 'v', object: 'p' }, POLICY],
  'parameter.put': [
    { component: 'c', vhost: 'v', name: 'n', value: 2 },
    { vhost: 'v', object: 'n', detail: 'of c' },
    { name: 'n', value: 1 },
  ],
  'parameter.delete': [
    { component: 'c', vhost: 'v', name: 'n' },
    { vhost: 'v', object: 'n' },
    { name: 'n', value: 1 },
  ],
  'global-parameter.put': [
    { name: 'n', value: 2 },
    { vhost: null, object: 'n' },
    { name: 'n', value: 1 },
  ],
  'global-parameter.delete': [{ name: 'n' }, { vhost: null, object: 'n' }, { name: 'n', value: 1 }],
  'vhost-limit.put': [
    { vhost: 'v', name: 'max-queues', value: 9 },
    { vhost: 'v', object: 'max-queues' },
    { 'max-queues': 5 },
  ],
  'vhost-limit.delete': [{ vhost: 'v', name: 'max-queues' }, { vhost: 'v', object: 'max-queues' }, { 'max-queues': 5 }],
  'user-limit.put': [
    { user: 'ada', name: 'max-channels', value: 9 },
    { vhost: null, object: 'ada', detail: 'max-channels' },
    { 'max-channels': 7 },
  ],
  'user-limit.delete': [{ user: 'ada', name: 'max-channels' }, { object: 'ada' }, { 'max-channels': 7 }],
  'definitions.import': [
    { vhost: 'v', document: { queues: [] } },
    { vhost: 'v', object: null },
  ],
  'cluster.rename': [{ name: 'new' }, { object: 'new' }, { name: 'old' }],
  'feature-flag.enable': [{ name: 'f' }, { object: 'f', outcome: 'INVALID_REQUEST' }],
  'logins.reset': [{ node: NODE }, { object: null, detail: `on ${NODE}` }],
  'statistics.reset': [{}, { object: null, detail: '' }],
};

async function performed(operation: Operation, input: unknown, answers = engine): Promise<AuditEntry | undefined> {
  const { desk, entries } = deskInMemory(answers);
  desk.sessions.owner = async () => 'ops';
  const door = { remoteAddress: '::1', by: '' };
  await perform(operation, input, { desk, actor: apiUser('ops'), door }).catch((error: unknown) => {
    if (!(error instanceof EngineError)) throw error;
  });
  return entries[0];
}

describe.each([...BY_ACTION])('%s', (action, operation) => {
  const [input, note, subject] = KEPT[action] ?? [{}, {}];

  test('takes what the example says, and keeps of it what it is about', async () => {
    expect(KEPT).toHaveProperty([action]);
    expect((operation.input as z.ZodType).parse(input)).toBeDefined();
    expect(await performed(operation, input)).toMatchObject({ action, user: 'ops', outcome: 'ok', ...note });
  });

  test('keeps what was decided of it before', async () => {
    const { desk } = deskInMemory(engine);
    expect(await operation.subject?.(desk, apiUser('ops'), input)).toEqual(subject);
  });
});

const SECRET = 'c0RRecTh0r5e';

/** Fields of inputs that the audit must not keep. */
const SECRETS: Partial<Record<Action, readonly string[]>> = {
  'session.sign-in': ['password'],
  'user.put': ['password', 'passwordHash'],
  'message.publish': ['body', 'properties'],
};

describe.each(Object.entries(SECRETS) as [Action, readonly string[]][])('of %s', (action, names) => {
  const real = BY_ACTION.get(action) as Operation;
  const [input] = KEPT[action] ?? [{}];
  const sent = { ...input, ...Object.fromEntries(names.map((name) => [name, SECRET])) };
  /** The user before and after has the secret too. */
  let asked = 0;
  const user = async () => ({ name: 'ada', tags: [`${asked++}`], limits: {}, password: SECRET, passwordHash: SECRET });
  const keptOf = async (operation: Operation) => {
    const done = await performed(operation, sent, { ...engine, user } as unknown as Partial<Engine>);
    return `${JSON.stringify(done)} ${JSON.stringify(operation.note(sent, undefined, 'NOT_FOUND'))}`;
  };

  test(`${names.join(' and ')} is not kept, done or refused`, async () => {
    expect(Object.keys((real.input as unknown as { shape: object }).shape)).toEqual(expect.arrayContaining([...names]));
    expect(await keptOf(real)).not.toContain(SECRET);
    // It would be seen.
    const telling: Operation = { ...real, note: (input) => ({ detail: JSON.stringify(input) }) };
    expect(await keptOf(telling)).toContain(SECRET);
  });
});

test('every input that has a field with the name of a secret is among them', () => {
  for (const [action, { input }] of BY_ACTION) {
    const fields = Object.keys((input as { shape?: object }).shape ?? {});
    const known = SECRETS[action] ?? [];
    const kept = withoutSecrets(Object.fromEntries(fields.map((field) => [field, 1]))) as object;
    for (const field of fields)
      if (!(field in kept) && field !== 'hashingAlgorithm') expect(known, action).toContain(field);
  }
});

test('a session of somebody else is ended by administrators only, and is for others as if it were not there', async () => {
  const operation = BY_ACTION.get('session.revoke') as Operation;
  const doer = (tags: string[]) => {
    const { desk } = deskInMemory({ identity: async (user) => ({ user, tags, vhosts: [] }) });
    desk.sessions.owner = async () => 'ada';
    return { desk, actor: apiUser('bob'), door: { remoteAddress: '::1', by: '' } };
  };
  await expect(perform(operation, { id: 's' }, doer(['monitoring']))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await perform(operation, { id: 's' }, doer(['administrator']))).toEqual({ user: 'ada' });
});
