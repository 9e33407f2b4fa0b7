import { describe, expect, test } from 'vitest';
import { Changes, type ObjectChange } from '../../../lib/broker/changes.ts';
import { LIMITS } from '../../../lib/broker/limits.ts';
import { Owner } from '../../../lib/broker/queues/owner.ts';
import { BrokerFixture } from './broker-fixture.ts';

const queue = (name: string, verb: ObjectChange['verb'] = 'created'): ObjectChange => ({
  kind: 'queue',
  verb,
  vhost: '/',
  name,
  user: null,
});

describe('what changed', () => {
  test('an object is named once, with what happened last, in the order of that', () => {
    const changes = new Changes();
    let called = 0;
    changes.watch(() => called++);
    for (const change of [queue('a'), queue('b'), queue('a', 'deleted')]) changes.note(change);
    expect(called).toBe(1);
    expect(changes.take()).toEqual([queue('b'), queue('a', 'deleted')]);
    expect(changes.take()).toEqual([]);
    changes.note(queue('c'));
    expect(called).toBe(2);
  });

  test('too much is only said to be too much, until it is taken', () => {
    const changes = new Changes();
    let called = 0;
    changes.watch(() => called++);
    for (let i = 0; i <= LIMITS.changesMax + 5; i++) changes.note(queue(`q${i}`));
    expect(called).toBe(1);
    expect(changes.take()).toBeNull();
    changes.note(queue('a'));
    expect(changes.take()).toEqual([queue('a')]);
  });

  test('nothing is kept while nobody watches', () => {
    const changes = new Changes();
    changes.note(queue('a'));
    changes.watch(() => {});
    expect(changes.take()).toEqual([]);
  });
});

test('the broker tells what comes and goes, by whatever way', async () => {
  const fixture = await BrokerFixture.start();
  const { broker, vhost } = fixture;
  broker.changes.watch(() => {});
  const taken = () => broker.changes.take()?.map(({ kind, verb, name }) => `${kind} ${name} ${verb}`);
  fixture.queue('q');
  fixture.exchange('e', 'fanout', { autoDelete: true });
  fixture.bind('e', 'q');
  expect(taken()).toEqual(['queue q created', 'exchange e created', 'binding e created']);
  // Again, it changes nothing.
  fixture.queue('q');
  fixture.bind('e', 'q');
  expect(taken()).toEqual([]);
  fixture.broker.topology.deleteQueue(fixture.session, 'q', { unused: false, empty: false });
  expect(taken()?.sort()).toEqual(['binding e deleted', 'exchange e deleted', 'queue q deleted']);

  const policy = { kind: 'policy' as const, vhost: '/', name: 'p', pattern: '', definition: { expires: 1000 } };
  await broker.policies.put(policy);
  await broker.policies.put({ ...policy, priority: 1 });
  expect(taken()).toEqual(['policy p changed']);
  await broker.policies.delete('policy', '/', 'p');
  expect(taken()).toEqual(['policy p deleted']);

  const owner = new Owner('a -> b');
  broker.connect(fixture.session.user, '/', owner);
  expect(broker.changes.take()).toEqual([
    { kind: 'connection', verb: 'created', vhost: '/', name: 'a -> b', user: 'guest' },
  ]);
  fixture.queue('mine', { exclusive: true }, { ...fixture.session, owner });
  broker.release(owner);
  expect(taken()?.sort()).toEqual(['connection a -> b deleted', 'queue mine deleted']);

  await broker.vhostCommands.put({ name: 'v' });
  await broker.vhostCommands.put({ name: 'v', description: 'x' });
  expect(taken()).toEqual(['vhost v changed']);
  await broker.vhostCommands.delete('v');
  expect(taken()).toContain('vhost v deleted');

  broker.memoryIsLow = true;
  broker.checkAlarms();
  expect(taken()).toEqual(['alarm memory changed']);
  expect(vhost.queues.size).toBe(0);
});

test('what could not be stored is told to be gone again', async () => {
  const fixture = await BrokerFixture.start();
  fixture.broker.changes.watch(() => {});
  fixture.definitions.fail = true;
  const { stored } = fixture.declareQueue('q', { durable: true });
  await expect(stored).rejects.toThrow('could not be stored');
  expect(fixture.broker.changes.take()?.map(({ verb }) => verb)).toEqual(['deleted']);
});
