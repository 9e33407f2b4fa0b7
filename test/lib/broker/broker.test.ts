import { describe, expect, test } from 'vitest';
import { encodeTable } from '../../../lib/amqp/field-table.ts';
import type { User } from '../../../lib/broker/permissions/user.ts';
import type { Definitions } from '../../../lib/broker/ports.ts';
import { BrokerFixture, number, text } from './broker-fixture.ts';
import { MemoryDefinitions } from './memory-definitions.ts';

const NONE = new Uint8Array();
const all = '.*';

const vhostNamed = (name: string) => ({
  name,
  description: '',
  tags: [],
  defaultQueueType: null,
  protectedFromDeletion: false,
  limits: {},
});

/** The definitions that a broker stored before it was stopped. */
function kept(more: Partial<Definitions> = {}): MemoryDefinitions {
  const user = {
    name: 'guest',
    passwordHash: 'hash of guest',
    hashingAlgorithm: 'rabbit_password_hashing_sha256' as const,
  };
  return new MemoryDefinitions({
    vhosts: [vhostNamed('/')],
    users: [{ ...user, tags: ['administrator'], limits: {} }],
    permissions: [{ user: 'guest', vhost: '/', configure: all, write: all, read: all }],
    globalParameters: [{ name: 'internal_cluster_id', value: 'id' }],
    ...more,
  });
}

describe('the very first start', () => {
  test('makes the default vhost, user and permissions, and stores them', async () => {
    const definitions = new MemoryDefinitions();
    const { broker } = await BrokerFixture.start(definitions);
    expect([...broker.vhosts.keys()]).toEqual(['/']);
    expect([...broker.users.keys()]).toEqual(['guest']);
    const user = broker.users.get('guest');
    expect([user?.hasTag('administrator'), user?.mayEnter('/'), user?.may('write', '/', 'anything')]).toEqual([
      true,
      true,
      true,
    ]);
    const stored = await definitions.load();
    expect(stored.users[0]).toMatchObject({ name: 'guest', passwordHash: 'hash of guest' });
  });

  test('and a start without one give the cluster an identity that stays', async () => {
    const definitions = kept({ globalParameters: [] });
    const { broker } = await BrokerFixture.start(definitions);
    const id = broker.parameters.findGlobal('internal_cluster_id');
    expect(id).toMatch(/^rabbitmq-cluster-id-.{22}$/);
    const again = await BrokerFixture.start(definitions);
    expect(again.broker.parameters.findGlobal('internal_cluster_id')).toBe(id);
  });

  test('a later start makes nothing', async () => {
    const definitions = kept();
    const before = await definitions.load();
    await BrokerFixture.start(definitions);
    expect(await definitions.load()).toEqual(before);
  });
});

describe('a restart', () => {
  test('brings back exchanges, queues and bindings as they were', async () => {
    const fixture = await BrokerFixture.start(
      kept({
        exchanges: [
          {
            vhost: '/',
            name: 'e',
            id: 'e',
            type: 'topic',
            autoDelete: true,
            internal: true,
            declaredBy: 'ann',
            arguments: encodeTable(text('alternate-exchange', 'ae')),
          },
        ],
        queues: [
          {
            ...{ vhost: '/', name: 'q', id: 'the-id', autoDelete: false, isPaused: true },
            arguments: encodeTable(number('x-max-length', 3)),
          },
        ],
        bindings: [
          { vhost: '/', source: 'e', destinationType: 'queue', destination: 'q', routingKey: 'a.#', arguments: NONE },
          {
            vhost: '/',
            source: 'amq.fanout',
            destinationType: 'exchange',
            destination: 'e',
            routingKey: '',
            arguments: NONE,
          },
        ],
      }),
    );
    const queue = fixture.vhost.queues.get('q');
    expect(queue).toMatchObject({ id: 'the-id', durable: true, autoDelete: false, owner: null });
    expect(queue?.options.lengthMax).toBe(3);
    expect(queue?.consumers.isPaused).toBe(true);
    expect(fixture.vhost.exchanges.get('e')?.options).toMatchObject({
      type: 'topic',
      durable: true,
      autoDelete: true,
      internal: true,
      declaredBy: 'ann',
      alternateExchange: 'ae',
    });
    expect(fixture.route('amq.fanout', 'a.b')).toEqual(['q']);
    expect(fixture.logs).toEqual([]);
  });

  test('what was declared before it can be declared again alike', async () => {
    const definitions = kept();
    const before = await BrokerFixture.start(definitions);
    await before.declareQueue('q', { durable: true, arguments: number('x-expires', 1000) }).stored;
    await before.declareExchange('e', 'headers', { durable: true, arguments: text('x-mine', 'v') }).stored;
    await before.storedBind('e', 'q', 'k', { arguments: text('x-match', 'any') });
    const after = await BrokerFixture.start(new MemoryDefinitions(await definitions.load()));
    expect(after.declareQueue('q', { durable: true, arguments: number('x-expires', 1000) }).created).toBe(false);
    expect(after.declareExchange('e', 'headers', { durable: true }).created).toBe(false);
    after.bind('e', 'q', 'k', { arguments: text('x-match', 'any') });
    expect(after.vhost.exchanges.get('e')?.bindings.size).toBe(1);
    expect(after.definitions.texts).toEqual([]);
  });

  test('messages go on to expire without anybody touching their queue', async () => {
    const definitions = kept();
    const before = await BrokerFixture.start(definitions);
    const args = [...number('x-message-ttl', 1000), ...text('x-dead-letter-exchange', 'amq.fanout')];
    await before.declareQueue('q', { durable: true, arguments: args }).stored;
    await before.declareQueue('dead', { durable: true }).stored;
    await before.storedBind('amq.fanout', 'dead', '');
    before.publish('', 'q', 'x', { deliveryMode: 2 });
    const left = new MemoryDefinitions(await definitions.load());
    const after = await BrokerFixture.start(left, undefined, before.store);
    expect(after.vhost.queues.get('q')?.readyCount).toBe(1);
    after.clock.advance(1000);
    expect(after.vhost.queues.get('q')?.readyCount).toBe(0);
    expect(after.vhost.queues.get('dead')?.readyCount).toBe(1);
  });

  const exchange = {
    vhost: '/',
    name: 'good',
    id: 'good',
    type: 'direct',
    autoDelete: false,
    internal: false,
    declaredBy: '',
    arguments: NONE,
  };
  const queue = { vhost: '/', name: 'good', id: '1', autoDelete: false, isPaused: false, arguments: NONE };
  const binding = {
    vhost: '/',
    source: 'good',
    destinationType: 'queue' as const,
    destination: 'good',
    routingKey: 'k',
    arguments: NONE,
  };
  const broken = Uint8Array.from([1, 0x61, 0x3f]);

  test.each<[string, Partial<Definitions>, string]>([
    [
      'an exchange of an unknown type',
      { exchanges: [{ ...exchange, name: 'bad', type: 'x-other' }] },
      "exchange 'bad' in vhost '/'",
    ],
    [
      'an exchange of an unknown vhost',
      { exchanges: [{ ...exchange, name: 'bad', vhost: 'v' }] },
      "exchange 'bad' in vhost 'v'",
    ],
    [
      'an exchange whose arguments do not decode',
      { exchanges: [{ ...exchange, name: 'bad', arguments: broken }] },
      "exchange 'bad' in vhost '/'",
    ],
    [
      'a queue of an unknown vhost',
      { queues: [{ ...queue, name: 'bad', id: '2', vhost: 'v' }] },
      "queue 'bad' in vhost 'v'",
    ],
    [
      'a queue whose arguments do not decode',
      { queues: [{ ...queue, name: 'bad', id: '2', arguments: broken }] },
      "queue 'bad' in vhost '/'",
    ],
    [
      'a queue whose arguments are not allowed',
      { queues: [{ ...queue, name: 'bad', id: '2', arguments: encodeTable(number('x-expires', 0)) }] },
      "queue 'bad' in vhost '/'",
    ],
    ['a binding without its source', { bindings: [{ ...binding, source: 'bad' }] }, "a binding from 'bad' to 'good'"],
    [
      'a binding without its destination',
      { bindings: [{ ...binding, destination: 'bad' }] },
      "a binding from 'good' to 'bad'",
    ],
    [
      'a binding whose arguments do not decode',
      { bindings: [{ ...binding, routingKey: 'bad', arguments: broken }] },
      "a binding from 'good' to 'good'",
    ],
  ])('skips what is broken, says so in the log, and brings back the rest: %s', async (_, bad, named) => {
    const whole = await kept({ exchanges: [exchange], queues: [queue], bindings: [binding] }).load();
    for (const kind of Object.keys(bad) as (keyof Definitions)[]) {
      (whole[kind] as unknown[]).unshift(...(bad[kind] ?? []));
    }
    const fixture = await BrokerFixture.start(new MemoryDefinitions(whole));
    expect(fixture.route('good', 'k')).toEqual(['good']);
    expect(fixture.route('good', 'bad')).toEqual([]);
    expect(fixture.logs).toHaveLength(1);
    expect(fixture.logs[0]).toContain(named);
    expect(fixture.logs[0]).toMatch(/^error: /);
  });

  test('keeps what has a pattern that cannot be used: it matches nothing, and the log says once what it is and why', async () => {
    const hashingAlgorithm = 'rabbit_password_hashing_md5';
    const pattern = '(a)\\1';
    const policy = { vhost: '/', pattern, applyTo: 'all', priority: 0, definition: { expires: 1000 } } as const;
    const whole = await kept({
      users: ['ann', 'guest'].map((name) => ({ name, passwordHash: '', hashingAlgorithm, tags: [], limits: {} })),
      permissions: [{ user: 'ann', vhost: '/', configure: '.*', write: pattern, read: '(' }],
      topicPermissions: [{ user: 'ann', vhost: '/', exchange: 'amq.topic', write: pattern, read: '.*' }],
      policies: [
        { ...policy, kind: 'policy', name: 'p' },
        { ...policy, kind: 'operator_policy', name: 'o' },
      ],
      queues: [{ ...queue, name: 'aa' }],
    }).load();
    const fixture = await BrokerFixture.start(new MemoryDefinitions(whole));
    const { broker } = fixture;
    const problem = 'back-references are not supported at byte 4';
    const cannot = 'as its pattern cannot be used:';
    const lines = [
      `the permission of user 'ann' in vhost '/' grants less, ${cannot} write: ${problem}; read: missing ) at byte 1`,
      `the topic permission of user 'ann' for exchange 'amq.topic' in vhost '/' grants less, ${cannot} write: ${problem}`,
      `the policy 'p' of vhost '/' matches nothing, ${cannot} ${problem}`,
      `the operator policy 'o' of vhost '/' matches nothing, ${cannot} ${problem}`,
    ];
    expect(fixture.logs).toEqual(lines.map((line) => `warning: ${line}`));
    broker.reportUnusablePatterns();
    expect(fixture.logs).toHaveLength(4);
    expect(fixture.vhost.queues.get('aa')?.policy).toBeNull();
    const ann = broker.users.get('ann') as User;
    expect([ann.may('configure', '/', 'aa'), ann.may('write', '/', 'aa'), ann.may('read', '/', 'aa')]).toEqual([
      ...[true, false, false],
    ]);
    expect(ann.permission('/')).toEqual(whole.permissions[0]);
    expect([...broker.policies.list('policy'), ...broker.policies.list('operator_policy')]).toEqual(whole.policies);
  });
});

describe('signing in', () => {
  test('name and password must be right', async () => {
    const { broker } = await BrokerFixture.start();
    expect(broker.authenticate('guest', 'guest', '127.0.0.1')?.name).toBe('guest');
    expect(broker.authenticate('guest', 'wrong', '127.0.0.1')).toBeNull();
    expect(broker.authenticate('guest', '', '127.0.0.1')).toBeNull();
    expect(broker.authenticate('nobody', 'guest', '127.0.0.1')).toBeNull();
  });

  test.each([
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['192.168.127.1', false],
    ['::ffff:10.0.0.127', false],
    ['fe80::1', false],
    ['', false],
  ])('guest from %s: %s', async (address, allowed) => {
    const { broker } = await BrokerFixture.start();
    expect(broker.authenticate('guest', 'guest', address) !== null).toBe(allowed);
  });

  test('another user may come from anywhere, but never with an empty hash', async () => {
    const user = {
      name: 'ann',
      passwordHash: 'hash of secret',
      hashingAlgorithm: 'rabbit_password_hashing_sha256' as const,
      tags: [],
      limits: {},
    };
    const definitions = await kept().load();
    definitions.users.push(user, { ...user, name: 'bob', passwordHash: '' });
    const { broker } = await BrokerFixture.start(new MemoryDefinitions(definitions));
    expect(broker.authenticate('ann', 'secret', '10.0.0.1')?.name).toBe('ann');
    expect(broker.authenticate('bob', '', '10.0.0.1')).toBeNull();
  });

  test('a vhost must exist and the user must have permissions in it', async () => {
    const definitions = await kept().load();
    definitions.vhosts.push(vhostNamed('other'));
    const { broker, session } = await BrokerFixture.start(new MemoryDefinitions(definitions));
    expect(broker.enter(session.user, '/').name).toBe('/');
    expect(() => broker.enter(session.user, 'none')).toThrow(
      expect.objectContaining({ reply: 'NOT_ALLOWED', message: 'vhost none not found' }),
    );
    expect(() => broker.enter(session.user, 'other')).toThrow(
      expect.objectContaining({ reply: 'NOT_ALLOWED', message: "access to vhost 'other' refused for user 'guest'" }),
    );
  });
});

describe('the memory alarm', () => {
  test('is raised above the limit, cleared below nine tenths of it, and told once each', async () => {
    const fixture = await BrokerFixture.start(new MemoryDefinitions(), 2_000_000);
    const { broker } = fixture;
    const alarms: boolean[] = [];
    const stop = broker.watchAlarms(() => alarms.push(broker.blocked));
    const queue = fixture.queue('q');
    broker.checkAlarms();
    expect(broker.alarms).toEqual([]);
    for (let i = 0; i < 30; i++) fixture.publish('', 'q', 'x'.repeat(100_000));
    broker.checkAlarms();
    broker.checkAlarms();
    expect([broker.blocked, broker.alarmText]).toEqual([true, 'memory']);
    queue.purge();
    broker.checkAlarms();
    expect([broker.blocked, broker.alarms]).toEqual([false, []]);
    expect(alarms).toEqual([true, false]);
    expect(fixture.logs[0]).toMatch(/^warning: low on memory: publishers are blocked$/);
    stop();
    for (let i = 0; i < 30; i++) fixture.publish('', 'q', 'x'.repeat(100_000));
    broker.checkAlarms();
    expect(alarms).toHaveLength(2);
  });
});
