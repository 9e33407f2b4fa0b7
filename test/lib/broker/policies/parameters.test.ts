import { beforeEach, describe, expect, test } from 'vitest';
import { Owner } from '../../../../lib/broker/queues/owner.ts';
import { jsonFloat } from '../../../../lib/json/json-value.ts';
import { BrokerFixture } from '../broker-fixture.ts';

let fixture: BrokerFixture;

beforeEach(async () => {
  fixture = await BrokerFixture.start();
});

describe('limits of a vhost', () => {
  test('a queue more than it may have is refused, one that exists is not', async () => {
    const { vhostCommands } = fixture.broker;
    fixture.queue('a');
    await vhostCommands.putLimit('/', 'max-queues', 1);
    fixture.queue('a');
    expect(() => fixture.queue('b')).toThrow(
      expect.objectContaining({
        reply: 'PRECONDITION_FAILED',
        message: "cannot declare queue 'b': queue limit in vhost '/' (1) is reached",
      }),
    );
    await vhostCommands.putLimit('/', 'max-queues', -1);
    fixture.queue('b');
    await vhostCommands.putLimit('/', 'max-queues', 0);
    expect(() => fixture.queue('c')).toThrow(/\(0\) is reached/);
    await vhostCommands.deleteLimit('/', 'max-queues');
    fixture.queue('c');
  });

  test('a connection more than vhost or user may have is refused before permissions are looked at', async () => {
    const { broker, session } = fixture;
    const { user } = session;
    const owner = new Owner();
    await broker.vhostCommands.putLimit('/', 'max-connections', 1);
    broker.connect(user, '/', owner);
    user.forbid('/');
    expect(() => broker.connect(user, '/', new Owner())).toThrow(
      expect.objectContaining({
        reply: 'NOT_ALLOWED',
        message: "access to vhost '/' refused for user 'guest': connection limit (1) is reached",
      }),
    );
    await broker.vhostCommands.deleteLimit('/', 'max-connections');
    await broker.accounts.putLimit('guest', 'max-connections', 1);
    expect(() => broker.connect(user, '/', new Owner())).toThrow(
      "connection refused for user 'guest': user connection limit (1) is reached",
    );
    broker.release(owner);
    expect(() => broker.connect(user, '/', new Owner())).toThrow("access to vhost '/' refused for user 'guest'");
  });

  test('are stored with their vhost or user and survive it being put again', async () => {
    const { broker } = fixture;
    await broker.vhostCommands.putLimit('/', 'max-queues', 5);
    await broker.vhostCommands.put({ name: '/', description: 'other' });
    await broker.accounts.putLimit('guest', 'max-channels', 7);
    await broker.accounts.putUser({ name: 'guest', password: 'x', tags: [] });
    expect(fixture.vhost.definition.limits).toEqual({ 'max-queues': 5 });
    expect(fixture.session.user.definition.limits).toEqual({ 'max-channels': 7 });
    expect(fixture.definitions.texts).toEqual(['put vhost /', 'put vhost /', 'put user guest', 'put user guest']);
    await broker.accounts.deleteLimit('guest', 'max-channels');
    await broker.accounts.deleteLimit('guest', 'max-channels');
    expect(fixture.session.user.definition.limits).toEqual({});
  });

  test('a limit may have any number of digits, and none of them is reached', async () => {
    const { vhostCommands, accounts } = fixture.broker;
    await vhostCommands.putLimit('/', 'max-queues', 9_007_199_254_740_993n);
    await accounts.putLimit('guest', 'max-channels', -(2n ** 64n));
    expect(fixture.vhost.definition.limits).toEqual({ 'max-queues': 9_007_199_254_740_993n });
    expect(fixture.session.user.definition.limits).toEqual({ 'max-channels': -(2n ** 64n) });
    fixture.queue('one');
    await expect(vhostCommands.putLimit('/', 'max-queues', jsonFloat(5))).rejects.toThrow(
      'max-queues should be a number, actually was 5.0',
    );
  });

  test('what is no limit is refused as RabbitMQ refuses it', async () => {
    const { vhostCommands, accounts } = fixture.broker;
    await expect(vhostCommands.putLimit('/', 'max-foo', 1)).rejects.toThrow(
      /^Validation failed\n\nUnrecognised terms \[\{<<"max-foo">>,1\}\] in limits\n$/,
    );
    await expect(vhostCommands.putLimit('/', 'max-queues', 'x')).rejects.toThrow(
      /^Validation failed\n\nmax-queues should be a number, actually was <<"x">>\n$/,
    );
    await expect(accounts.putLimit('guest', 'max-queues', 1)).rejects.toThrow(
      /^Unrecognised terms \[\{<<"max-queues">>,1\}\] in user-limits$/,
    );
    await expect(accounts.putLimit('guest', 'max-channels', 1.5)).rejects.toThrow(
      /^max-channels should be a number, actually was 1.5$/,
    );
    await expect(accounts.putLimit('bob', 'max-channels', 1)).rejects.toMatchObject({ reply: 'NOT_FOUND' });
    await expect(vhostCommands.putLimit('v', 'max-queues', 1)).rejects.toMatchObject({ reply: 'NOT_FOUND' });
  });
});

describe('runtime parameters', () => {
  const limits = { component: 'vhost-limits', vhost: '/', name: 'limits' };
  const operator = { component: 'operator_policy', vhost: '/', name: 'op' };

  test('limits and operator policies are parameters, whichever way they came', async () => {
    const { parameters, policies, vhostCommands } = fixture.broker;
    expect(await parameters.put({ ...limits, value: { 'max-queues': 5 } })).toEqual({ created: true });
    const value = { pattern: 'x', definition: { expires: 1 }, priority: 3, 'apply-to': 'queues' };
    expect(await parameters.put({ ...operator, value })).toEqual({ created: true });
    expect(fixture.vhost.definition.limits).toEqual({ 'max-queues': 5 });
    expect(policies.policy('operator_policy', '/', 'op')).toMatchObject({ priority: 3, applyTo: 'queues' });
    expect(parameters.list()).toEqual([
      { ...operator, value },
      { ...limits, value: { 'max-queues': 5 } },
    ]);
    await vhostCommands.deleteLimit('/', 'max-queues');
    await parameters.delete('operator_policy', '/', 'op');
    expect(parameters.list()).toEqual([]);
  });

  test('a component that there is not, and values that cannot be, are refused', async () => {
    const { parameters } = fixture.broker;
    await expect(parameters.put({ ...limits, component: 'shovel', value: {} })).rejects.toThrow(
      /^Validation failed\n\ncomponent shovel not found\n$/,
    );
    await expect(parameters.put({ ...limits, component: 'policy', value: {} })).rejects.toThrow(
      'policies may not be set using this method',
    );
    await expect(parameters.put({ ...operator, value: { pattern: 'x' } })).rejects.toThrow(
      /Key "definition" not found in op/,
    );
    await expect(parameters.put({ ...limits, name: 'x', value: {} })).rejects.toThrow(/Validation failed/);
    await expect(parameters.put({ ...limits, value: 5 })).rejects.toThrow(/should be an object, actually was 5/);
    await expect(parameters.delete('vhost-limits', '/', 'limits')).rejects.toMatchObject({ reply: 'NOT_FOUND' });
  });
});

describe('global parameters', () => {
  test('the first start gives the cluster an identity, and cluster_name is what it is called', async () => {
    const { broker } = fixture;
    expect(broker.parameters.findGlobal('internal_cluster_id')).toMatch(/^rabbitmq-cluster-id-/);
    expect(broker.clusterName).toBeNull();
    expect(await broker.parameters.putGlobal('cluster_name', 'burrow')).toEqual({ created: true });
    expect(broker.clusterName).toBe('burrow');
    await broker.parameters.deleteGlobal('cluster_name');
    expect(broker.clusterName).toBeNull();
    await expect(broker.parameters.deleteGlobal('cluster_name')).rejects.toMatchObject({ reply: 'NOT_FOUND' });
  });

  test('hold any value', async () => {
    const { parameters } = fixture.broker;
    await parameters.putGlobal('x', { a: [1, null] });
    expect(await parameters.putGlobal('x', null)).toEqual({ created: false });
    expect(parameters.listGlobal()).toContainEqual({ name: 'x', value: null });
  });
});
