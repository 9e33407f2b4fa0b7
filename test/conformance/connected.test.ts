/** Who is connected, as the port tells it while real clients do things. */
import type { ChannelInfo } from '../../lib/engine/clients.ts';
import { test as conformanceTest, describe, expect } from './fixtures.ts';
import { eventually, within } from './patience.ts';

const all = { configure: '.*', write: '.*', read: '.*' };
const body = Buffer.from('x');

const test = conformanceTest.extend('admin', ({ broker }) => {
  if (!broker.administrator) throw new Error('this broker cannot be asked from here');
  return broker.administrator;
});

describe.skipIf(process.env.WARREN_CONFORMANCE_URL)('who is connected', () => {
  test('a connection is shown as it was negotiated', async ({ admin, broker, openWire }) => {
    const wire = await openWire({ tune: { frameMax: 8192, channelMax: 100, heartbeat: 33 } });
    await wire.openChannel(1);
    await wire.openChannel(7);
    const name = `127.0.0.1:${wire.socket.localPort} -> 127.0.0.1:${broker.port}`;
    const info = await admin.connection(name);
    expect(info).toEqual({
      name,
      userProvidedName: null,
      user: 'guest',
      vhost: '/',
      protocol: 'AMQP 0-9-1',
      state: 'running',
      host: '127.0.0.1',
      port: broker.port,
      peerHost: '127.0.0.1',
      peerPort: wire.socket.localPort,
      channels: 2,
      connectedAtMs: expect.any(Number),
      clientProperties: [
        {
          name: 'capabilities',
          field: { type: 'F', value: [{ name: 'authentication_failure_close', field: { type: 't', value: true } }] },
        },
      ],
      authMechanism: 'PLAIN',
      heartbeatSeconds: 33,
      frameMax: 8192,
      channelMax: 100,
      tls: null,
      counters: { receivedBytes: wire.socket.bytesWritten, sentBytes: wire.receivedBytes },
      rates: { receivedBytes: expect.any(Number), sentBytes: expect.any(Number) },
      receivedPackets: expect.any(Number),
      sentPackets: expect.any(Number),
      pendingBytes: 0,
    });
    expect(info.receivedPackets).toBeGreaterThan(0);
    expect(info.sentPackets).toBeGreaterThan(0);
    expect(await admin.listConnections()).toContainEqual(expect.objectContaining({ name }));
    wire.close();
    const gone = await eventually(
      () => admin.listConnections(),
      (list) => list.every((one) => one.name !== name),
    );
    expect(gone.map((one) => one.name)).not.toContain(name);
    await expect(admin.connection(name)).rejects.toThrow(`no connection '${name}'`);
  });

  test('a name that the client gave itself is shown', async ({ admin, openWire }) => {
    await openWire({ properties: [['connection_name', { type: 'S', value: 'the billing' }]] });
    const names = (await admin.listConnections()).map((one) => one.userProvidedName);
    expect(names).toContain('the billing');
  });

  test('a channel counts what goes over it', async ({ admin, broker, openWire, named }) => {
    const wire = await openWire();
    const name = `127.0.0.1:${wire.socket.localPort} -> 127.0.0.1:${broker.port} (3)`;
    const channel = await wire.openChannel(3);
    const queue = named('q');
    await channel.call('queue.declare', { queue });
    await channel.call('confirm.select');
    await channel.call('basic.qos', { prefetchCount: 5 });
    await channel.call('basic.qos', { prefetchCount: 9, global: true });
    for (let i = 0; i < 6; i++) channel.publish({ routingKey: queue }, body);
    channel.publish({ routingKey: `${queue}.nowhere` }, body);
    channel.publish({ routingKey: `${queue}.nowhere`, mandatory: true }, body);
    await channel.call('basic.get', { queue });
    await channel.call('basic.get', { queue, noAck: true });
    await channel.call('basic.consume', { queue, consumerTag: 'quick', noAck: true });
    await channel.call('basic.cancel', { consumerTag: 'quick' });
    await channel.call('basic.get', { queue });
    channel.send('basic.nack', { deliveryTag: 1, requeue: true });
    await channel.call('basic.consume', {
      queue,
      consumerTag: 'slow',
      arguments: [['x-priority', { type: 'I', value: 3 }]],
    });
    await channel.call('basic.qos', { prefetchCount: 5 });
    const counted = await eventually(
      () => admin.channel(name),
      ({ counters }) => counters.confirmed === 8,
    );
    expect(counted).toEqual({
      name,
      number: 3,
      connectionName: name.slice(0, -' (3)'.length),
      peerHost: '127.0.0.1',
      peerPort: wire.socket.localPort,
      user: 'guest',
      vhost: '/',
      state: 'running',
      consumers: 1,
      prefetch: 5,
      globalPrefetch: 0,
      confirm: true,
      transactional: false,
      unacked: 1,
      unconfirmed: 0,
      uncommitted: 0,
      acksUncommitted: 0,
      idleSinceMs: null,
      counters: {
        published: 8,
        confirmed: 8,
        returned: 1,
        dropped: 1,
        deliveredAck: 1,
        deliveredNoAck: 4,
        got: 1,
        gotNoAck: 1,
        gotEmpty: 1,
        acked: 0,
        redelivered: 1,
      },
      rates: expect.any(Object),
    } satisfies Record<keyof ChannelInfo, unknown>);
    const consumer = (await admin.listConsumers()).find((one) => one.queue === queue);
    expect(consumer).toEqual({
      consumerTag: 'slow',
      vhost: '/',
      queue,
      channelName: name,
      channelNumber: 3,
      connectionName: name.slice(0, -' (3)'.length),
      peerHost: '127.0.0.1',
      peerPort: wire.socket.localPort,
      user: 'guest',
      ackRequired: true,
      exclusive: false,
      active: true,
      activityStatus: 'up',
      prefetch: 5,
      unacked: 1,
      ackTimeoutMs: 1_800_000,
      arguments: [{ name: 'x-priority', field: { type: 'I', value: 3 } }],
    });
    channel.send('basic.ack', { deliveryTag: 0, multiple: true });
    await channel.call('basic.qos', {});
    expect((await admin.channel(name)).counters.acked).toBe(1);
  });

  test('a transaction shows what waits for its commit', async ({ admin, broker, openWire, named }) => {
    const wire = await openWire();
    const channel = await wire.openChannel(1);
    const queue = named('q');
    const name = `127.0.0.1:${wire.socket.localPort} -> 127.0.0.1:${broker.port} (1)`;
    await channel.call('queue.declare', { queue });
    for (let i = 0; i < 3; i++) channel.publish({ routingKey: queue }, body);
    for (let i = 0; i < 3; i++) await channel.call('basic.get', { queue });
    await channel.call('tx.select');
    channel.publish({ routingKey: queue }, body);
    channel.send('basic.ack', { deliveryTag: 2, multiple: true });
    await channel.call('basic.qos', {});
    const open = { transactional: true, uncommitted: 1, acksUncommitted: 2, unacked: 3 };
    expect(await admin.channel(name)).toMatchObject(open);
    await channel.call('tx.commit');
    expect(await admin.channel(name)).toMatchObject({ uncommitted: 0, acksUncommitted: 0, unacked: 1 });
  });

  test('a single active consumer is told from those who wait', async ({ admin, openWire, named }) => {
    const wire = await openWire();
    const channel = await wire.openChannel(1);
    const queue = named('q');
    await channel.call('queue.declare', {
      queue,
      arguments: [['x-single-active-consumer', { type: 't', value: true }]],
    });
    for (const consumerTag of ['first', 'second']) await channel.call('basic.consume', { queue, consumerTag });
    const list = (await admin.listConsumers()).filter((one) => one.queue === queue);
    expect(list.map(({ consumerTag, active, activityStatus }) => [consumerTag, active, activityStatus])).toEqual([
      ['first', true, 'single_active'],
      ['second', false, 'waiting'],
    ]);
  });

  test('a connection is closed by hand, with the reason', async ({ admin, broker, openWire }) => {
    const wire = await openWire();
    const name = `127.0.0.1:${wire.socket.localPort} -> 127.0.0.1:${broker.port}`;
    await admin.closeConnection(name, 'enough');
    expect(await wire.zero.refusal()).toMatchObject({
      code: 320,
      text: 'CONNECTION_FORCED - enough',
      classId: 0,
      methodId: 0,
    });
    await within(wire.ended, 'the end of the socket');
    await expect(admin.closeConnection('nobody', 'enough')).rejects.toThrow("no connection 'nobody'");
  });

  test('all connections of a user are closed, and nobody else’s', async ({ admin, openWire }) => {
    await admin.putUser({ name: 'bob', password: 'secret', tags: [] });
    await admin.putPermission({ user: 'bob', vhost: '/', ...all });
    const own = await openWire();
    const bobs = await Promise.all([1, 2].map(() => openWire({ user: 'bob', password: 'secret' })));
    expect(await admin.closeConnectionsOfUser('bob', 'go home')).toBe(2);
    for (const wire of bobs) expect((await wire.zero.refusal()).text).toBe('CONNECTION_FORCED - go home');
    await own.openChannel(1);
    await admin.deleteUser('bob');
  });
});
