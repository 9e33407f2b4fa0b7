/** Where brokers go wrong, consuming: a test a rule, by its number in the list. */
import { expect, test } from '../fixtures.ts';
import type { WireChannel } from '../wire-channel.ts';

async function counts(channel: WireChannel, queue: string): Promise<[ready: number, consumers: number]> {
  const { arguments: found } = await channel.call('queue.declare', { queue, passive: true });
  return [found.messageCount, found.consumerCount];
}

async function queueWith(channel: WireChannel, queue: string, ...bodies: string[]): Promise<void> {
  await channel.call('queue.declare', { queue });
  for (const body of bodies) channel.publish({ routingKey: queue }, body);
}

async function bodies(channel: WireChannel, count: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) {
    const { arguments: delivery, content } = await channel.next('basic.deliver');
    found.push(`${content.body}${delivery.redelivered ? ' again' : ''}`);
  }
  return found;
}

const unknown = (tag: number) => ({
  scope: 'channel',
  code: 406,
  text: `PRECONDITION_FAILED - unknown delivery tag ${tag}`,
});

test('21: a tag that is unknown, settled already or 0 alone is refused with 406, with multiple too; 0 with multiple is all there is', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const [first, other] = [await wire.openChannel(1), await wire.openChannel(2)];
  first.send('basic.ack', { deliveryTag: 0, multiple: true });
  await queueWith(first, queue, 'a', 'b');
  const asked = [
    ['basic.ack', { deliveryTag: 9 }],
    ['basic.reject', { deliveryTag: 9 }],
    ['basic.nack', { deliveryTag: 9 }],
    ['basic.ack', { deliveryTag: 0 }],
    ['basic.ack', { deliveryTag: 9, multiple: true }],
    ['basic.nack', { deliveryTag: 9, multiple: true }],
    // Settled before, with others below that are not.
    ['basic.ack', { deliveryTag: 2, multiple: true }],
    ['basic.ack', { deliveryTag: 2 }],
  ] as const;
  for (const [index, [method, args]] of asked.entries()) {
    const channel = await wire.openChannel(index + 3);
    for (let i = 0; i < 2; i++) await channel.call('basic.get', { queue });
    if (args.deliveryTag === 2) channel.send('basic.reject', { deliveryTag: 2, requeue: true });
    channel.send(method, args);
    expect(await channel.refusal(), `${method} ${JSON.stringify(args)}`).toMatchObject(unknown(args.deliveryTag));
    // All is back.
    await expect.poll(() => counts(other, queue)).toEqual([2, 0]);
  }
  for (let i = 0; i < 2; i++) await first.call('basic.get', { queue });
  first.send('basic.ack', { deliveryTag: 0, multiple: true });
  await first.call('channel.close', { replyCode: 200 });
  expect(await counts(other, queue)).toEqual([0, 0]);
});

test('22: delivery tags are numbered by channel, over get and consume alike; a tag of another channel is unknown', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const [channel, other] = [await wire.openChannel(1), await wire.openChannel(2)];
  await queueWith(channel, queue, 'a', 'b', 'c', 'd');
  expect(await channel.call('basic.get', { queue })).toMatchObject({ arguments: { deliveryTag: 1 } });
  expect(await channel.call('basic.get', { queue, noAck: true })).toMatchObject({ arguments: { deliveryTag: 2 } });
  await channel.call('basic.qos', { prefetchCount: 1 });
  await channel.call('basic.consume', { queue });
  expect((await channel.next('basic.deliver')).arguments.deliveryTag).toBe(3);
  expect(await other.call('basic.get', { queue })).toMatchObject({ arguments: { deliveryTag: 1 } });
  other.send('basic.ack', { deliveryTag: 3 });
  expect(await other.refusal()).toMatchObject(unknown(3));
  // One without acks has a number, and nothing to settle.
  channel.send('basic.ack', { deliveryTag: 2 });
  expect(await channel.refusal()).toMatchObject(unknown(2));
});

test('23: a cancel keeps what is unacked; the end of the channel gives it back in order, in its place and redelivered', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const [one, two] = [await wire.openChannel(1), await wire.openChannel(2)];
  await queueWith(one, queue, 'a', 'b', 'c', 'd');
  await one.call('basic.qos', { prefetchCount: 3 });
  await one.call('basic.consume', { queue, consumerTag: 'mine' });
  expect(await bodies(one, 3)).toEqual(['a', 'b', 'c']);
  await one.call('basic.cancel', { consumerTag: 'mine' });
  expect(await counts(two, queue)).toEqual([1, 0]);
  one.send('basic.ack', { deliveryTag: 1 });
  await one.call('channel.close', { replyCode: 200 });
  two.publish({ routingKey: queue }, 'e');
  await two.call('basic.consume', { queue });
  expect(await bodies(two, 4)).toEqual(['b again', 'c again', 'd', 'e']);
});

test('24: a prefetch is for consumers that come later, each for itself; it counts what that consumer has not settled', async ({
  wire,
  named,
}) => {
  const [before, one, two] = [named('before'), named('one'), named('two')];
  const channel = await wire.openChannel();
  await queueWith(channel, before, 'a', 'b', 'c');
  await queueWith(channel, one, '1', '2', '3');
  await queueWith(channel, two, 'x', 'y');
  await channel.call('basic.consume', { queue: before });
  expect(await bodies(channel, 3)).toEqual(['a', 'b', 'c']);
  await channel.call('basic.qos', { prefetchCount: 1 });
  // Not for the one that was there.
  channel.publish({ routingKey: before }, 'd');
  expect(await bodies(channel, 1)).toEqual(['d']);
  // Nor does a get count.
  await channel.call('basic.get', { queue: one });
  await channel.call('basic.consume', { queue: one });
  await channel.call('basic.consume', { queue: two });
  expect((await bodies(channel, 2)).toSorted()).toEqual(['2', 'x']);
  expect([await counts(channel, one), await counts(channel, two)]).toEqual([
    [1, 1],
    [1, 1],
  ]);
  await channel.call('basic.qos', { prefetchCount: 100 });
  expect(await counts(channel, one)).toEqual([1, 1]);
  expect(channel.unread).toBe(0);
  // Tag 5 was got; 6 and 7 are what the two consumers have.
  channel.send('basic.ack', { deliveryTag: 6 });
  channel.send('basic.ack', { deliveryTag: 7 });
  expect((await bodies(channel, 2)).toSorted()).toEqual(['3', 'y']);
});

test('25: consume-ok comes before the first delivery, and cancel-ok after the last one', async ({ wire, named }) => {
  const queue = named('q');
  const channel = await wire.openChannel();
  await queueWith(channel, queue, ...Array.from({ length: 500 }, () => 'x'));
  const { log } = channel;
  for (const consumerTag of ['mine', 'again']) {
    log.length = 0;
    await channel.call('basic.consume', { queue, consumerTag, noAck: true });
    // The cancel is on its way while deliveries are.
    await channel.next('basic.deliver');
    await channel.call('basic.cancel', { consumerTag });
    channel.publish({ routingKey: queue }, 'late');
    await channel.call('channel.flow', { active: true });
    expect(log[0]).toBe('basic.consume-ok');
    expect(log.slice(1).findIndex((name) => name !== 'basic.deliver')).toBe(log.indexOf('basic.cancel-ok') - 1);
    expect(log.lastIndexOf('basic.deliver')).toBeLessThan(log.indexOf('basic.cancel-ok'));
  }
});

test('26: an auto-delete queue goes with its last consumer and not before it had one; a get is none', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const [channel, other] = [await wire.openChannel(1), await wire.openChannel(2)];
  await channel.call('queue.declare', { queue, autoDelete: true });
  await channel.call('basic.get', { queue });
  await (await wire.openChannel(3)).call('channel.close', { replyCode: 200 });
  expect(await counts(channel, queue)).toEqual([0, 0]);
  for (const consumerTag of ['one', 'two']) await channel.call('basic.consume', { queue, consumerTag });
  await channel.call('basic.cancel', { consumerTag: 'one' });
  expect(await counts(channel, queue)).toEqual([0, 1]);
  await channel.call('basic.cancel', { consumerTag: 'two' });
  await expect(counts(other, queue)).rejects.toMatchObject({ code: 404 });
});

test('27: an exclusive consumer is refused with 403, an exclusive queue with 405, a tag that is taken with 530', async ({
  wire,
  openWire,
  named,
}) => {
  const [queue, locked] = [named('q'), named('locked')];
  const channel = await wire.openChannel();
  await queueWith(channel, queue);
  await channel.call('queue.declare', { queue: locked, exclusive: true });
  await channel.call('basic.consume', { queue, consumerTag: 'mine', exclusive: true });
  const inUse = {
    scope: 'channel',
    code: 403,
    text: `ACCESS_REFUSED - queue '${queue}' in vhost '/' in exclusive use`,
  };
  await expect((await wire.openChannel(2)).call('basic.consume', { queue })).rejects.toMatchObject(inUse);
  // It cannot become exclusive either while there are others.
  await channel.call('basic.cancel', { consumerTag: 'mine' });
  await channel.call('basic.consume', { queue, consumerTag: 'mine' });
  const late = await wire.openChannel(3);
  await expect(late.call('basic.consume', { queue, exclusive: true })).rejects.toMatchObject(inUse);
  const other = await (await openWire()).openChannel();
  await expect(other.call('basic.consume', { queue: locked })).rejects.toMatchObject({
    scope: 'channel',
    code: 405,
    text: expect.stringMatching(/^RESOURCE_LOCKED - cannot obtain exclusive access to locked queue/),
  });
  await expect(channel.call('basic.consume', { queue: locked, consumerTag: 'mine' })).rejects.toMatchObject({
    scope: 'connection',
    code: 530,
    text: "NOT_ALLOWED - attempt to reuse consumer tag 'mine'",
  });
});

test('28: of a single active consumer’s queue the next in order takes over; those that wait are counted', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const channel = await wire.openChannel(1);
  const leaving = await wire.openChannel(2);
  await channel.call('queue.declare', { queue, arguments: [['x-single-active-consumer', { type: 't', value: true }]] });
  await channel.call('basic.consume', { queue, consumerTag: 'one', noAck: true });
  await leaving.call('basic.consume', { queue, consumerTag: 'two', noAck: true });
  for (const consumerTag of ['three', 'four']) await channel.call('basic.consume', { queue, consumerTag, noAck: true });
  expect(await counts(channel, queue)).toEqual([0, 4]);
  const served = async (from: WireChannel): Promise<string> => {
    channel.publish({ routingKey: queue }, 'x');
    return (await from.next('basic.deliver')).arguments.consumerTag;
  };
  expect([await served(channel), await served(channel)]).toEqual(['one', 'one']);
  await channel.call('basic.cancel', { consumerTag: 'one' });
  expect(await served(leaving)).toBe('two');
  // One that waits goes; nothing changes for the active one.
  await channel.call('basic.cancel', { consumerTag: 'three' });
  expect(await served(leaving)).toBe('two');
  await leaving.call('channel.close', { replyCode: 200 });
  expect(await served(channel)).toBe('four');
  expect(await counts(channel, queue)).toEqual([0, 1]);
});

test('29: recover without requeue is not implemented (540); with it everything comes back, what was got as well', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const [channel, other] = [await wire.openChannel(1), await wire.openChannel(2)];
  await queueWith(channel, queue, 'a', 'b', 'c');
  await channel.call('basic.get', { queue });
  await channel.call('basic.qos', { prefetchCount: 1 });
  await channel.call('basic.consume', { queue, consumerTag: 'mine' });
  expect(await bodies(channel, 1)).toEqual(['b']);
  await channel.call('basic.cancel', { consumerTag: 'mine' });
  await channel.call('basic.recover', { requeue: true });
  expect(await counts(channel, queue)).toEqual([3, 0]);
  await other.call('basic.consume', { queue, noAck: true });
  expect(await bodies(other, 3)).toEqual(['a again', 'b again', 'c']);
  channel.send('basic.recover', { requeue: false });
  expect(await channel.refusal()).toMatchObject({
    scope: 'connection',
    code: 540,
    text: 'NOT_IMPLEMENTED - requeue=false',
    classId: 60,
    methodId: 110,
  });
});

test('30: the count of get-ok leaves its own message out; that of declare-ok is of what is ready', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const channel = await wire.openChannel();
  await queueWith(channel, queue, 'a', 'b', 'c');
  const got = await channel.call('basic.get', { queue });
  expect(got).toMatchObject({ arguments: { messageCount: 2 } });
  expect((await channel.call('queue.declare', { queue })).arguments.messageCount).toBe(2);
  expect(await channel.call('basic.get', { queue, noAck: true })).toMatchObject({ arguments: { messageCount: 1 } });
  expect(await counts(channel, queue)).toEqual([1, 0]);
});

test('53: messages far above what a connection holds of unsent bytes come one by one with prefetch 1, and what is asked meanwhile is answered', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const [consuming, asking] = [await wire.openChannel(1), await wire.openChannel(2)];
  await asking.call('queue.declare', { queue });
  const body = Buffer.alloc(5 * 1024 * 1024, 'x');
  for (let i = 0; i < 4; i++) asking.publish({ routingKey: queue }, body);
  await consuming.call('basic.qos', { prefetchCount: 1 });
  await consuming.call('basic.consume', { queue });
  for (let left = 3; left >= 0; left--) {
    const { arguments: delivery, content } = await consuming.next('basic.deliver');
    expect(content.body.equals(body)).toBe(true);
    await expect.poll(() => counts(asking, queue)).toEqual([left, 1]);
    consuming.send('basic.ack', { deliveryTag: delivery.deliveryTag });
  }
});
