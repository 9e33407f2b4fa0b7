/** What administration changes, as clients see it whose connections are open meanwhile. */
import type { Channel, ChannelModel } from 'amqplib';
import { test as conformanceTest, describe, expect } from './fixtures.ts';
import { consume } from './inbox.ts';
import { eventually, within } from './patience.ts';

const all = { configure: '.*', write: '.*', read: '.*' };

/** Administration goes beside AMQP, so only a broker of our own can be asked for it. */
const test = conformanceTest
  .extend('admin', ({ broker }) => {
    if (!broker.administrator) throw new Error('this broker cannot be administered from here');
    return broker.administrator;
  })
  /** A user of its own, with a connection. */
  .extend('ann', async ({ admin, connect }, { onCleanup }) => {
    await admin.putUser({ name: 'ann', password: 'secret', tags: [] });
    await admin.putPermission({ user: 'ann', vhost: '/', ...all });
    onCleanup(() => admin.deleteUser('ann').catch(() => {}));
    return () => connect({ username: 'ann', password: 'secret' });
  });

const body = Buffer.from('x');

/** The error that ends it; one that somebody else wanted comes with the close. */
function ended(emitter: Channel | ChannelModel): Promise<Error> {
  const end = new Promise<Error>((resolve) => {
    emitter.once('error', resolve);
    emitter.once('close', resolve);
  });
  return within(end, 'the end');
}

async function channelOf(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel();
  channel.on('error', () => {});
  return channel;
}

describe.skipIf(process.env.WARREN_CONFORMANCE_URL)('administration', () => {
  test('a deleted vhost closes its connections and takes its queues along', async ({
    admin,
    connect,
    openWire,
    channel,
  }) => {
    await admin.putVhost({ name: 'v' });
    // Who makes a vhost may use it, until that is taken away.
    await admin.deletePermission('v', 'guest');
    await expect(openWire({ vhost: 'v' })).rejects.toThrow(/access to vhost 'v' refused for user 'guest'/);
    await admin.putPermission({ user: 'guest', vhost: 'v', ...all });
    const model = await connect({ vhost: 'v' });
    const inside = await channelOf(model);
    await inside.assertQueue('q');
    await inside.assertQueue('', { exclusive: true });
    inside.sendToQueue('q', body, { persistent: true });
    await inside.checkQueue('q');
    const end = ended(model);
    await admin.deleteVhost('v');
    expect((await end).message).toContain(
      `320 (CONNECTION-FORCED) with message "CONNECTION_FORCED - vhost 'v' is deleted"`,
    );
    await expect(openWire({ vhost: 'v' })).rejects.toThrow(/vhost v not found/);
    await admin.putVhost({ name: 'v' });
    const again = await channelOf(await connect({ vhost: 'v' }));
    await expect(again.checkQueue('q')).rejects.toThrow(/no queue 'q' in vhost 'v'/);
    await admin.deleteVhost('v');
    await channel.checkExchange('amq.direct');
  });

  test('a deleted user is gone with its connections, others stay', async ({ admin, ann, channel, openWire }) => {
    const model = await ann();
    const end = ended(model);
    await admin.deleteUser('ann');
    expect((await end).message).toContain("CONNECTION_FORCED - user 'ann' is deleted");
    await expect(
      openWire({ user: 'ann', password: 'secret', capabilities: ['authentication_failure_close'] }),
    ).rejects.toThrow(/ACCESS_REFUSED/);
    await channel.checkExchange('amq.direct');
  });

  test('a permission that is taken back holds for the next publish on an open channel', async ({
    admin,
    ann,
    named,
  }) => {
    const queue = named('q');
    const channel = await channelOf(await ann());
    await channel.assertQueue(queue);
    channel.sendToQueue(queue, body);
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 1 });
    await admin.putPermission({ user: 'ann', vhost: '/', ...all, write: '^other' });
    const end = ended(channel);
    channel.sendToQueue(queue, body);
    expect((await end).message).toContain("write access to exchange 'amq.default' in vhost '/' refused for user 'ann'");
  });

  test('a topic permission holds for publishes and bindings', async ({ admin, ann, named }) => {
    const queue = named('q');
    const model = await ann();
    let channel = await channelOf(model);
    await channel.assertQueue(queue);
    await channel.bindQueue(queue, 'amq.topic', '#');
    channel.publish('amq.topic', 'bob.x', body);
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 1 });
    await admin.putTopicPermission({
      user: 'ann',
      vhost: '/',
      exchange: 'amq.topic',
      write: '^{username}\\.',
      read: '^ann',
    });
    channel.publish('amq.topic', 'ann.x', body);
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 2 });
    const end = ended(channel);
    channel.publish('amq.topic', 'bob.x', body);
    expect((await end).message).toContain("access to topic 'bob.x' in exchange exchange 'amq.topic' in vhost '/'");
    channel = await channelOf(model);
    await expect(channel.bindQueue(queue, 'amq.topic', 'bob')).rejects.toThrow(/read access to topic 'bob'/);
  });

  test('limits are what RabbitMQ says they are', async ({ admin, ann, connect, openWire, channel, named }) => {
    await admin.putUserLimit('ann', 'max-channels', 1);
    await admin.putUserLimit('ann', 'max-connections', 1);
    const model = await ann();
    await channelOf(model);
    await expect(openWire({ user: 'ann', password: 'secret' })).rejects.toThrow(
      /connection refused for user 'ann': user connection limit \(1\) is reached/,
    );
    const end = ended(model);
    model.createChannel().catch(() => {});
    expect((await end).message).toContain(
      "number of channels opened for user 'ann' has reached the maximum allowed user limit of (1)",
    );
    // What is gone counts no more.
    const again = await eventually(
      () => ann().catch(() => null),
      (one) => one !== null,
    );
    await (await channelOf(again as ChannelModel)).close();
    await channelOf(again as ChannelModel);

    await admin.putVhostLimit('/', 'max-queues', 0);
    await expect(channel.assertQueue(named('q'))).rejects.toThrow(/queue limit in vhost '\/' \(0\) is reached/);
    await admin.deleteVhostLimit('/', 'max-queues');
    await admin.putVhostLimit('/', 'max-connections', 0);
    await expect(openWire()).rejects.toThrow(/access to vhost '\/' refused for user 'guest': connection limit \(0\)/);
    await admin.deleteVhostLimit('/', 'max-connections');
    await connect();
  });

  test('a policy holds for queues that are in use, and no more when it is gone', async ({ admin, channel, named }) => {
    const queue = named('orders');
    const dead = named('dead');
    await channel.assertQueue(queue);
    await channel.assertQueue(dead);
    for (const text of ['a', 'b', 'c', 'd']) channel.sendToQueue(queue, Buffer.from(text));
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 4 });
    const policy = { vhost: '/', name: 'short', pattern: `^${queue}$`, applyTo: 'queues' };
    await admin.putPolicy('policy', {
      ...policy,
      definition: { 'max-length': 1, 'dead-letter-exchange': '', 'dead-letter-routing-key': dead },
    });
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 1 });
    const inbox = await consume(channel, dead, { noAck: true });
    const letters = await inbox.take(3);
    expect(letters.map((letter) => letter.content.toString())).toEqual(['a', 'b', 'c']);
    expect(letters[0]?.properties.headers).toMatchObject({ 'x-first-death-reason': 'maxlen' });

    await admin.putPolicy('policy', { ...policy, definition: { 'message-ttl': 20, 'max-length': 9 } });
    channel.sendToQueue(queue, Buffer.from('e'));
    await channel.get(queue, { noAck: true });
    await eventually(
      async () => (await channel.checkQueue(queue)).messageCount,
      (count) => count === 0,
    );
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 0 });

    await admin.deletePolicy('policy', '/', 'short');
    for (let i = 0; i < 20; i++) channel.sendToQueue(queue, body);
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 20 });
  });

  test('an operator sets the limit', async ({ admin, confirmChannel, named }) => {
    const queue = named('orders');
    const policy = { vhost: '/', pattern: `^${queue}$` };
    await admin.putPolicy('policy', { ...policy, name: 'p', definition: { 'max-length': 5 } });
    await admin.putPolicy('operator_policy', {
      ...policy,
      name: 'op',
      definition: { 'max-length': 2, overflow: 'reject-publish' },
    });
    await confirmChannel.assertQueue(queue);
    for (let i = 0; i < 3; i++) confirmChannel.sendToQueue(queue, body);
    await expect(confirmChannel.waitForConfirms()).rejects.toThrow();
    expect(await confirmChannel.checkQueue(queue)).toMatchObject({ messageCount: 2 });
    await admin.deletePolicy('policy', '/', 'p');
    await admin.deletePolicy('operator_policy', '/', 'op');
  });

  test('an alternate exchange by policy makes a mandatory message routed', async ({ admin, channel, named }) => {
    const [exchange, rest] = [named('e'), named('rest')];
    await channel.assertExchange(exchange, 'direct');
    await channel.assertQueue(rest);
    await channel.bindQueue(rest, 'amq.fanout', '');
    const returned: string[] = [];
    channel.on('return', (message) => returned.push(message.content.toString()));
    channel.publish(exchange, 'k', Buffer.from('before'), { mandatory: true });
    await channel.checkQueue(rest);
    expect(returned).toEqual(['before']);
    const definition = { 'alternate-exchange': 'amq.fanout' };
    await admin.putPolicy('policy', {
      vhost: '/',
      name: 'ae',
      pattern: `^${exchange}$`,
      applyTo: 'exchanges',
      definition,
    });
    channel.publish(exchange, 'k', Buffer.from('after'), { mandatory: true });
    expect(await channel.checkQueue(rest)).toMatchObject({ messageCount: 1 });
    await admin.deletePolicy('policy', '/', 'ae');
    expect(returned).toEqual(['before']);
  });

  test('a new name of the cluster is told to whoever connects next', async ({ admin, connect }) => {
    await admin.putGlobalParameter('cluster_name', 'burrow');
    const { connection } = (await connect()) as unknown as { connection: { serverProperties: object } };
    expect(connection.serverProperties).toMatchObject({ cluster_name: 'burrow' });
    await admin.deleteGlobalParameter('cluster_name');
  });
});
