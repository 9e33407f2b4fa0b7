import { beforeEach, describe, expect, test } from 'vitest';
import { Owner } from '../../../../lib/broker/queues/owner.ts';
import { BrokerFixture, text } from '../broker-fixture.ts';

let fixture: BrokerFixture;

beforeEach(async () => {
  fixture = await BrokerFixture.start();
});

const all = { configure: '.*', write: '.*', read: '.*' };

describe('a vhost', () => {
  test('that was put has the predeclared exchanges and nobody may enter it yet', async () => {
    const { broker, session } = fixture;
    expect(await broker.vhostCommands.put({ name: 'v', description: 'new', tags: ['a'] })).toEqual({ created: true });
    expect([...(broker.vhosts.get('v')?.exchanges.keys() ?? [])]).toContain('amq.topic');
    expect(() => broker.enter(session.user, 'v')).toThrow(/^access to vhost 'v' refused/);
    expect(fixture.definitions.texts).toEqual(['put vhost v']);
  });

  test('that is put again keeps what is not said', async () => {
    const { vhostCommands, vhosts } = fixture.broker;
    await vhostCommands.put({ name: 'v', description: 'new', defaultQueueType: 'quorum' });
    expect(await vhostCommands.put({ name: 'v', tags: ['b'] })).toEqual({ created: false });
    expect(vhosts.get('v')?.definition).toEqual({
      name: 'v',
      description: 'new',
      tags: ['b'],
      defaultQueueType: 'quorum',
      protectedFromDeletion: false,
      limits: {},
    });
  });

  test('takes everything in it along, and its connections', async () => {
    const { broker } = fixture;
    await broker.vhostCommands.put({ name: 'v' });
    await broker.accounts.putPermission({ user: 'guest', vhost: 'v', ...all });
    const vhost = broker.enter(fixture.session.user, 'v');
    const session = { ...fixture.session, vhost };
    const queue = fixture.queue('q', { durable: true }, session);
    fixture.queue('other', { durable: true });
    fixture.exchange('e', 'fanout', { durable: true }, session);
    fixture.bind('e', 'q', '', {}, session);
    fixture.bind('amq.topic', 'q', 'k', {}, session);
    fixture.bind('amq.direct', 'amq.fanout', 'k', { destinationType: 'exchange' }, session);
    const evicted: string[] = [];
    broker.watchEvictions((affects, reason) => {
      if (affects(session) && !affects(fixture.session)) evicted.push(reason);
    });
    fixture.definitions.batches.length = 0;
    await broker.vhostCommands.delete('v');
    expect(evicted).toEqual(["vhost 'v' is deleted"]);
    expect(fixture.definitions.batches).toHaveLength(1);
    expect(fixture.definitions.texts.sort()).toEqual([
      'delete binding amq.direct->amq.fanout',
      'delete binding amq.topic->q',
      'delete binding e->q',
      'delete exchange e',
      'delete permission guest',
      'delete queue q',
      'delete vhost v',
    ]);
    expect([queue.deleted, broker.vhosts.has('v'), fixture.session.user.mayEnter('v')]).toEqual([true, false, false]);
    await expect(broker.vhostCommands.delete('v')).rejects.toMatchObject({ reply: 'NOT_FOUND' });
  });

  test('that is protected can only be deleted after that', async () => {
    const { vhostCommands } = fixture.broker;
    await vhostCommands.put({ name: 'v', protectedFromDeletion: true });
    await expect(vhostCommands.delete('v')).rejects.toMatchObject({ reply: 'PRECONDITION_FAILED' });
    await vhostCommands.put({ name: 'v', protectedFromDeletion: false });
    await vhostCommands.delete('v');
  });

  test('that could not be stored is not there', async () => {
    const { vhostCommands, vhosts } = fixture.broker;
    fixture.definitions.fail = true;
    await expect(vhostCommands.put({ name: 'v' })).rejects.toMatchObject({ reply: 'INTERNAL_ERROR' });
    expect(vhosts.has('v')).toBe(false);
  });

  test.each([
    [{ name: '' }, 'the name of a vhost cannot be empty'],
    [{ name: 'v', defaultQueueType: 'x' }, "default queue type 'x' is none of classic, quorum, stream"],
  ])('%o is refused: %s', async (wishes, reason) => {
    await expect(fixture.broker.vhostCommands.put(wishes)).rejects.toMatchObject({
      name: 'InvalidSetting',
      message: reason,
    });
  });
});

describe('the default queue type', () => {
  test('is the type of queues that name none and can have it', async () => {
    await fixture.broker.vhostCommands.put({ name: '/', defaultQueueType: 'quorum' });
    const { vhost } = fixture;
    const durable = { durable: true, exclusive: false, autoDelete: false };
    expect(vhost.queueTypeFor(durable)).toBe('quorum');
    expect(vhost.queueTypeFor({ ...durable, durable: false })).toBe('classic');
    expect(vhost.queueTypeFor({ ...durable, exclusive: true })).toBe('classic');
    expect(vhost.queueTypeFor({ ...durable, autoDelete: true })).toBe('classic');
    expect(fixture.queue('q', { durable: true }).arguments).toEqual(text('x-queue-type', 'quorum'));
    expect(fixture.declareQueue('q', { durable: true }).created).toBe(false);
    expect(fixture.queue('t', { durable: false }).arguments).toEqual(text('x-queue-type', 'classic'));
    const queue = fixture.queue('named', { durable: true, arguments: text('x-queue-type', 'classic') });
    expect(queue.arguments).toEqual(text('x-queue-type', 'classic'));
  });
});

describe('connections', () => {
  test('count in their vhost and for their user until they are gone', () => {
    const { broker, session } = fixture;
    const owner = new Owner();
    broker.connect(session.user, '/', owner);
    expect([session.vhost.connectionCount, session.user.connectionCount]).toEqual([1, 1]);
    broker.release(owner);
    broker.release(owner);
    expect([session.vhost.connectionCount, session.user.connectionCount]).toEqual([0, 0]);
  });

  test('enter no vhost that is not there, and none without permissions', () => {
    const { broker, session } = fixture;
    const refused = (text: string) => expect.objectContaining({ reply: 'NOT_ALLOWED', message: text });
    expect(() => broker.connect(session.user, 'v', new Owner())).toThrow(refused('vhost v not found'));
    session.user.forbid('/');
    expect(() => broker.connect(session.user, '/', new Owner())).toThrow(
      refused("access to vhost '/' refused for user 'guest'"),
    );
    expect(session.vhost.connectionCount).toBe(0);
  });
});
