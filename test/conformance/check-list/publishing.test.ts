/** Where brokers go wrong, publishing: a test a rule, by its number in the list. */
import type { Field, FieldTable } from '../../../lib/amqp/field-table.ts';
import { list, number, text } from '../field.ts';
import { test as conformanceTest, expect } from '../fixtures.ts';
import { PausableDiskBroker } from '../pausable-disk-broker.ts';
import type { WireChannel } from '../wire-channel.ts';
import { WireConnection } from '../wire-connection.ts';

// biome-ignore lint/correctness/noEmptyPattern: vitest finds out what a fixture needs from the pattern.
const test = conformanceTest.extend('pausable', async ({}, { onCleanup }) => {
  const pausable = await PausableDiskBroker.start();
  onCleanup(() => pausable.stop());
  return pausable;
});

async function countOf(channel: WireChannel, queue: string): Promise<number> {
  return (await channel.call('queue.declare', { queue, passive: true })).arguments.messageCount;
}

test('14: what is mandatory and unroutable is returned before it is confirmed, and what is not mandatory is confirmed too', async ({
  wire,
}) => {
  const channel = await wire.openChannel();
  await channel.call('confirm.select');
  channel.publish({ routingKey: 'nowhere', mandatory: true }, 'a', { messageId: 'm' });
  expect(await channel.next('basic.return')).toMatchObject({
    arguments: { replyCode: 312, replyText: 'NO_ROUTE', exchange: '', routingKey: 'nowhere' },
    content: { body: Buffer.from('a'), properties: { messageId: 'm' } },
  });
  expect((await channel.next('basic.ack')).arguments.deliveryTag).toBe(1);
  channel.publish({ routingKey: 'nowhere' }, 'b');
  expect((await channel.next('basic.ack')).arguments.deliveryTag).toBe(2);
  expect(channel.log.filter((name) => name === 'basic.return')).toHaveLength(1);
});

test('15: nacked when one queue refuses, acked when the queue was deleted; persistent is acked after the disk has it, transient before', async ({
  wire,
  pausable,
  named,
}) => {
  const [full, open] = [named('full'), named('open')];
  const channel = await wire.openChannel();
  const args: FieldTable = [
    ['x-max-length', number(1)],
    ['x-overflow', text('reject-publish')],
  ];
  await channel.call('queue.declare', { queue: full, arguments: args });
  await channel.call('queue.declare', { queue: open });
  await channel.call('confirm.select');
  channel.publish({ routingKey: full }, '1');
  expect((await channel.next('basic.ack')).arguments.deliveryTag).toBe(1);
  channel.publish({ routingKey: open }, '2', { headers: [['CC', list(full)]] });
  expect((await channel.next('basic.nack')).arguments.deliveryTag).toBe(2);
  // The other has it.
  expect(await countOf(channel, open)).toBe(1);
  channel.publish({ routingKey: open }, '3', { deliveryMode: 2 });
  await channel.call('queue.delete', { queue: open });
  expect((await channel.next('basic.ack')).arguments.deliveryTag).toBe(3);

  const slow = await WireConnection.open(pausable);
  const publisher = await slow.openChannel();
  await publisher.call('queue.declare', { queue: 'kept', durable: true });
  await publisher.call('confirm.select');
  pausable.disk.pause();
  for (const [index, properties] of [{ deliveryMode: 1 }, {}].entries()) {
    publisher.publish({ routingKey: 'kept' }, 'transient', properties);
    expect((await publisher.next('basic.ack')).arguments.deliveryTag).toBe(index + 1);
  }
  publisher.publish({ routingKey: 'kept' }, 'persistent', { deliveryMode: 2 });
  await expect.poll(() => pausable.disk.waiting).toBeGreaterThan(0);
  expect(await countOf(publisher, 'kept')).toBe(3);
  expect(publisher.unread).toBe(0);
  pausable.disk.resume();
  expect((await publisher.next('basic.ack')).arguments.deliveryTag).toBe(3);
  slow.close();
});

test('16: a missing exchange closes the channel later with 404 and the ids 60 and 40; what comes meanwhile is swallowed', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue });
  channel.publish({ routingKey: queue }, 'before');
  channel.publish({ exchange: 'missing' }, 'lost');
  channel.publish({ routingKey: queue }, 'after');
  channel.send('basic.ack', { deliveryTag: 77 });
  expect(await channel.refusal()).toMatchObject({
    scope: 'channel',
    code: 404,
    text: "NOT_FOUND - no exchange 'missing' in vhost '/'",
    classId: 60,
    methodId: 40,
  });
  const other = await wire.openChannel(2);
  expect(await countOf(other, queue)).toBe(1);
  const got = await other.call('basic.get', { queue, noAck: true });
  expect(String(got.content?.body)).toBe('before');
});

test('17: a queue gets one copy, however many bindings, keys in CC and ways through exchanges lead to it', async ({
  wire,
  named,
}) => {
  const [queue, first, second] = [named('q'), named('first'), named('second')];
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue });
  for (const exchange of [first, second]) await channel.call('exchange.declare', { exchange, type: 'topic' });
  for (const routingKey of ['#', 'a.*', 'a.b']) {
    for (const exchange of [first, second]) await channel.call('queue.bind', { exchange, queue, routingKey });
  }
  // In a circle.
  await channel.call('exchange.bind', { source: first, destination: second, routingKey: '#' });
  await channel.call('exchange.bind', { source: second, destination: first, routingKey: '#' });
  await channel.call('confirm.select');
  channel.publish({ exchange: first, routingKey: 'a.b' }, 'x', { headers: [['CC', list('a.c', 'a.b')]] });
  await channel.next('basic.ack');
  expect(await countOf(channel, queue)).toBe(1);
});

test('18: CC and BCC both route and must be lists of strings; BCC is taken out of what is delivered or returned', async ({
  wire,
  broker,
  named,
}) => {
  const [open, blind] = [named('open'), named('blind')];
  const channel = await wire.openChannel();
  for (const queue of [open, blind]) await channel.call('queue.declare', { queue });
  const headers: FieldTable = [
    ['BCC', list(blind)],
    ['CC', list(open)],
  ];
  channel.publish({ routingKey: 'nowhere' }, 'x', { headers });
  for (const queue of [open, blind]) {
    const got = await channel.call('basic.get', { queue, noAck: true });
    expect(got).toMatchObject({ content: { properties: { headers: [['CC', list(open)]] } } });
  }
  channel.publish({ routingKey: 'nowhere', mandatory: true }, 'x', { headers: [['BCC', list('nobody')]] });
  expect((await channel.next('basic.return')).content.properties.headers).toEqual([]);
  const mixed = (key: string): Field => ({ type: 'A', value: [number(1), text(key)] });
  const odd: FieldTable = [
    ['BCC', mixed(blind)],
    ['CC', mixed(open)],
  ];
  channel.publish({ routingKey: 'nowhere' }, 'x', { headers: odd });
  for (const queue of [open, blind]) {
    const got = await channel.call('basic.get', { queue, noAck: true });
    expect(got).toMatchObject({ content: { properties: { headers: [['CC', mixed(open)]] } } });
  }
  const wrong: [FieldTable, string][] = [
    [[['CC', text('k')]], '{unacceptable_type_in_header,"CC",longstr}'],
    [[['BCC', text('k')]], '{unacceptable_type_in_header,"BCC",longstr}'],
  ];
  for (const [index, [headers, reason]] of wrong.entries()) {
    const other = await wire.openChannel(index + 2);
    other.publish({ routingKey: 'k' }, 'x', { headers });
    const refusal = await other.refusal();
    expect(refusal).toMatchObject({ scope: 'channel', code: 406, classId: 60, methodId: 40 });
    // It also has other words for BCC.
    if (!broker.is3 || index === 0) expect(refusal.text).toBe(`PRECONDITION_FAILED - invalid message: ${reason}`);
  }
});

test('19: immediate is not implemented (540); what is mandatory and goes through an alternate exchange is routed', async ({
  wire,
  named,
}) => {
  const [queue, main, other] = [named('q'), named('main'), named('other')];
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue });
  await channel.call('exchange.declare', { exchange: other, type: 'fanout' });
  await channel.call('queue.bind', { exchange: other, queue });
  const args: FieldTable = [['alternate-exchange', text(other)]];
  await channel.call('exchange.declare', { exchange: main, type: 'direct', arguments: args });
  await channel.call('confirm.select');
  channel.publish({ exchange: main, routingKey: 'k', mandatory: true }, 'x');
  // A return would come before it.
  await channel.next('basic.ack');
  expect(await countOf(channel, queue)).toBe(1);
  expect(channel.unread).toBe(0);
  channel.publish({ routingKey: 'k', immediate: true }, 'x');
  expect(await channel.refusal()).toMatchObject({
    scope: 'connection',
    code: 540,
    text: 'NOT_IMPLEMENTED - immediate=true',
    classId: 60,
    methodId: 40,
  });
});

test('20: user-id and expiration are checked, nobody publishes to an internal exchange, and the default one is amq.default to permissions', async ({
  wire,
  broker,
  openWire,
  named,
}) => {
  const exchange = named('inside');
  const first = await wire.openChannel();
  await first.call('exchange.declare', { exchange, type: 'fanout', internal: true });
  first.publish({ routingKey: 'k' }, 'x', { userId: 'guest', expiration: '1000' });
  await first.call('channel.flow', { active: true });
  const wrong: [publish: (channel: WireChannel) => void, code: number, said: string | RegExp][] = [
    [
      (channel) => channel.publish({ routingKey: 'k' }, 'x', { userId: 'somebody' }),
      406,
      "PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was 'guest'",
    ],
    [
      (channel) => channel.publish({ routingKey: 'k' }, 'x', { expiration: 'abc' }),
      406,
      "PRECONDITION_FAILED - invalid expiration 'abc': no_integer",
    ],
    [
      (channel) => channel.publish({ routingKey: 'k' }, 'x', { expiration: '10s' }),
      406,
      /^PRECONDITION_FAILED - invalid expiration '10s': .*leftover_string/,
    ],
    [
      (channel) => channel.publish({ routingKey: 'k' }, 'x', { expiration: '-1' }),
      406,
      "PRECONDITION_FAILED - invalid expiration '-1': {value_negative,-1}",
    ],
    [
      (channel) => channel.publish({ exchange }, 'x'),
      403,
      `ACCESS_REFUSED - cannot publish to internal exchange '${exchange}' in vhost '/'`,
    ],
  ];
  for (const [index, [publish, code, said]] of wrong.entries()) {
    const channel = await wire.openChannel(index + 2);
    publish(channel);
    const refusal = await channel.refusal();
    expect(refusal).toMatchObject({ scope: 'channel', code });
    expect(refusal.text).toMatch(said);
  }
  if (!broker.administrator) return;
  const { administrator } = broker;
  const vhost = '/';
  await administrator.putUser({ name: 'narrow', password: 'secret', tags: [] });
  const publishTo = async (write: string, id: number): Promise<WireChannel> => {
    await administrator.putPermission({ user: 'narrow', vhost, configure: '', write, read: '' });
    const own = await (await openWire({ user: 'narrow', password: 'secret' })).openChannel(id);
    own.publish({ routingKey: 'k' }, 'x');
    return own;
  };
  await (await publishTo('^amq\\.default$', 1)).call('channel.flow', { active: true });
  expect(await (await publishTo('^$', 1)).refusal()).toMatchObject({
    code: 403,
    text: "ACCESS_REFUSED - write access to exchange 'amq.default' in vhost '/' refused for user 'narrow'",
  });
  await administrator.deleteUser('narrow');
});
