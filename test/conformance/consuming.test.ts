/** Check list of the conformance reference, consuming: points 21–30. Each test is named by its rule. */
import { describe, expect, test } from './fixtures.ts';
import type { WireChannel } from './wire-channel.ts';

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

describe('acknowledging', () => {
  test.for([
    ['that was never given', 'basic.ack', { deliveryTag: 9 }],
    ['0 alone', 'basic.ack', { deliveryTag: 0 }],
    ['above all outstanding, with multiple', 'basic.ack', { deliveryTag: 9, multiple: true }],
    ['that was never given, rejected', 'basic.reject', { deliveryTag: 9 }],
    ['that was never given, nacked', 'basic.nack', { deliveryTag: 9 }],
  ] as const)('a tag %s is unknown', async ([, method, args], { wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await queueWith(channel, queue, 'a');
    await channel.call('basic.get', { queue });
    channel.send(method, args);
    expect(await channel.refusal()).toMatchObject(unknown(args.deliveryTag));
  });

  test('a tag is unknown once it is settled, and on another channel', async ({ wire, named }) => {
    const queue = named('q');
    const [one, two] = [await wire.openChannel(1), await wire.openChannel(2)];
    await queueWith(one, queue, 'a');
    await one.call('basic.get', { queue });
    two.send('basic.ack', { deliveryTag: 1 });
    expect(await two.refusal()).toMatchObject(unknown(1));
    one.send('basic.ack', { deliveryTag: 1 });
    one.send('basic.ack', { deliveryTag: 1 });
    expect(await one.refusal()).toMatchObject(unknown(1));
  });

  test('tag 0 with multiple is all there is, be it nothing', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    channel.send('basic.ack', { deliveryTag: 0, multiple: true });
    await queueWith(channel, queue, 'a', 'b');
    for (let i = 0; i < 2; i++) await channel.call('basic.get', { queue });
    channel.send('basic.nack', { deliveryTag: 0, multiple: true, requeue: true });
    expect(await counts(channel, queue)).toEqual([2, 0]);
  });

  test('tags are numbered over get and consume alike, those without ack included', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await queueWith(channel, queue, 'a', 'b', 'c');
    expect(await channel.call('basic.get', { queue })).toMatchObject({
      arguments: { deliveryTag: 1, messageCount: 2 },
    });
    const second = await channel.call('basic.get', { queue, noAck: true });
    expect(second).toMatchObject({ arguments: { deliveryTag: 2, messageCount: 1 } });
    await channel.call('basic.consume', { queue });
    expect((await channel.next('basic.deliver')).arguments.deliveryTag).toBe(3);
    channel.send('basic.ack', { deliveryTag: 2 });
    expect(await channel.refusal()).toMatchObject(unknown(2));
  });

  test('acks are fine after the queue was deleted', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await queueWith(channel, queue, 'a');
    await channel.call('basic.get', { queue });
    await channel.call('queue.delete', { queue });
    channel.send('basic.ack', { deliveryTag: 1 });
    await channel.call('channel.flow', { active: true });
  });
});

describe('coming back', () => {
  test('a cancel keeps what is unacked; the end of the channel gives it back in its place, redelivered', async ({
    wire,
    named,
  }) => {
    const queue = named('q');
    const [one, two] = [await wire.openChannel(1), await wire.openChannel(2)];
    await queueWith(one, queue, 'a', 'b', 'c');
    await one.call('basic.qos', { prefetchCount: 2 });
    await one.call('basic.consume', { queue, consumerTag: 'mine' });
    expect(await bodies(one, 2)).toEqual(['a', 'b']);
    await one.call('basic.cancel', { consumerTag: 'mine' });
    expect(await counts(two, queue)).toEqual([1, 0]);
    one.send('basic.ack', { deliveryTag: 1 });
    await one.call('channel.close', { replyCode: 200 });
    await two.call('basic.consume', { queue });
    expect(await bodies(two, 2)).toEqual(['b again', 'c']);
  });

  test('recover brings back everything, got or delivered; without requeue it is not implemented', async ({
    wire,
    named,
  }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await queueWith(channel, queue, 'a', 'b');
    for (let i = 0; i < 2; i++) await channel.call('basic.get', { queue });
    await channel.call('basic.recover', { requeue: true });
    expect(await counts(channel, queue)).toEqual([2, 0]);
    expect(await channel.call('basic.get', { queue })).toMatchObject({ arguments: { redelivered: true } });
    channel.send('basic.recover', { requeue: false });
    expect(await channel.refusal()).toMatchObject({
      scope: 'connection',
      code: 540,
      text: 'NOT_IMPLEMENTED - requeue=false',
    });
  });

  test('recover in a transaction leaves what the transaction has settled', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await queueWith(channel, queue, 'a', 'b');
    await channel.call('tx.select');
    for (let i = 0; i < 2; i++) await channel.call('basic.get', { queue });
    channel.send('basic.ack', { deliveryTag: 1 });
    await channel.call('basic.recover', { requeue: true });
    expect(await counts(channel, queue)).toEqual([1, 0]);
  });
});

describe('prefetch', () => {
  test('of a consumer: for those that come later, and it counts what each has not settled', async ({ wire, named }) => {
    const [before, after] = [named('before'), named('after')];
    const channel = await wire.openChannel();
    await queueWith(channel, before, 'a', 'b');
    await queueWith(channel, after, 'c', 'd');
    await channel.call('basic.consume', { queue: before });
    await channel.call('basic.qos', { prefetchCount: 1 });
    await channel.call('basic.consume', { queue: after });
    expect((await bodies(channel, 3)).toSorted()).toEqual(['a', 'b', 'c']);
    expect(await counts(channel, after)).toEqual([1, 1]);
  });

  test('of a channel: shared, without acks too, and gets are not counted', async ({ wire, named }) => {
    const [one, two] = [named('one'), named('two')];
    const channel = await wire.openChannel();
    await queueWith(channel, one, 'a', 'b', 'c');
    await queueWith(channel, two);
    await channel.call('basic.qos', { prefetchCount: 1, global: true });
    await channel.call('basic.consume', { queue: one });
    await channel.call('basic.consume', { queue: two, noAck: true });
    expect(await bodies(channel, 1)).toEqual(['a']);
    channel.publish({ routingKey: two }, 'waits');
    await channel.call('basic.get', { queue: one });
    expect(await counts(channel, two)).toEqual([1, 1]);
    channel.send('basic.ack', { deliveryTag: 1 });
    // Which of the two is next is not said; one of them is, or both when the first is the one without acks.
    expect(['c', 'waits']).toContain((await bodies(channel, 1))[0]);
  });

  test('a prefetch in bytes is not implemented', async ({ wire }) => {
    const channel = await wire.openChannel();
    channel.send('basic.qos', { prefetchSize: 10 });
    expect(await channel.refusal()).toMatchObject({
      scope: 'connection',
      code: 540,
      text: 'NOT_IMPLEMENTED - prefetch_size!=0 (10)',
    });
  });
});

describe('consumers', () => {
  test('consume-ok comes before the first delivery, cancel-ok after the last one', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await queueWith(channel, queue, 'a', 'b', 'c');
    await channel.call('basic.consume', { queue, consumerTag: 'mine', noAck: true });
    await bodies(channel, 3);
    await channel.call('basic.cancel', { consumerTag: 'mine' });
    const { log } = channel;
    expect(log.indexOf('basic.consume-ok')).toBeLessThan(log.indexOf('basic.deliver'));
    expect(log.lastIndexOf('basic.deliver')).toBeLessThan(log.indexOf('basic.cancel-ok'));
    await channel.call('basic.cancel', { consumerTag: 'never there' });
  });

  test('an auto-delete queue goes with its last consumer, not before it had one; a get is none', async ({
    wire,
    named,
  }) => {
    const queue = named('q');
    const [channel, other] = [await wire.openChannel(1), await wire.openChannel(2)];
    await channel.call('queue.declare', { queue, autoDelete: true });
    await channel.call('basic.get', { queue });
    expect(await counts(channel, queue)).toEqual([0, 0]);
    for (const consumerTag of ['one', 'two']) await channel.call('basic.consume', { queue, consumerTag });
    await channel.call('basic.cancel', { consumerTag: 'one' });
    expect(await counts(channel, queue)).toEqual([0, 1]);
    await channel.call('basic.cancel', { consumerTag: 'two' });
    await expect(counts(other, queue)).rejects.toMatchObject({
      code: 404,
      text: `NOT_FOUND - no queue '${queue}' in vhost '/'`,
    });
  });

  test('an exclusive consumer, an exclusive queue and a tag that is taken are refused each in its way', async ({
    wire,
    openWire,
    named,
  }) => {
    const [queue, locked] = [named('q'), named('locked')];
    const channel = await wire.openChannel();
    await queueWith(channel, queue);
    await channel.call('queue.declare', { queue: locked, exclusive: true });
    await channel.call('basic.consume', { queue, consumerTag: 'mine', exclusive: true });
    const refused = async (id: number, of = wire): Promise<unknown> => {
      const other = await of.openChannel(id);
      other.send('basic.consume', { queue: of === wire ? queue : locked });
      return other.refusal();
    };
    expect(await refused(2)).toMatchObject({
      code: 403,
      text: `ACCESS_REFUSED - queue '${queue}' in vhost '/' in exclusive use`,
    });
    expect(await refused(1, await openWire())).toMatchObject({
      code: 405,
      text: expect.stringMatching(/^RESOURCE_LOCKED - cannot obtain exclusive access to locked queue/),
    });
    channel.send('basic.consume', { queue: 'not there', consumerTag: 'mine' });
    expect(await channel.refusal()).toMatchObject({
      scope: 'connection',
      code: 530,
      text: "NOT_ALLOWED - attempt to reuse consumer tag 'mine'",
    });
  });

  test('of a single active consumer’s queue the first gets everything, then the next; all are counted', async ({
    wire,
    named,
  }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', {
      queue,
      arguments: [['x-single-active-consumer', { type: 't', value: true }]],
    });
    for (const consumerTag of ['one', 'two']) await channel.call('basic.consume', { queue, consumerTag, noAck: true });
    expect(await counts(channel, queue)).toEqual([0, 2]);
    for (const body of ['a', 'b']) channel.publish({ routingKey: queue }, body);
    for (let i = 0; i < 2; i++) expect((await channel.next('basic.deliver')).arguments.consumerTag).toBe('one');
    await channel.call('basic.cancel', { consumerTag: 'one' });
    channel.publish({ routingKey: queue }, 'c');
    expect((await channel.next('basic.deliver')).arguments.consumerTag).toBe('two');
  });

  test.for([true, false])(
    'who deletes a queue (durable: %s) hears of it before its own consumers do',
    async (durable, { openWire, named }) => {
      const queue = named('q');
      const wire = await openWire({ capabilities: ['consumer_cancel_notify'] });
      const channel = await wire.openChannel();
      await channel.call('queue.declare', { queue, durable });
      await channel.call('basic.consume', { queue, consumerTag: 'mine' });
      await channel.call('basic.consume', { queue, consumerTag: 'mine too' });
      await channel.call('queue.delete', { queue });
      const tags = [await channel.next('basic.cancel'), await channel.next('basic.cancel')];
      expect(tags.map((cancel) => cancel.arguments.consumerTag).sort()).toEqual(['mine', 'mine too']);
      expect(channel.log.slice(-3)).toEqual(['queue.delete-ok', 'basic.cancel', 'basic.cancel']);
    },
  );

  test('a deleted queue cancels its consumers when they can be told', async ({ openWire, named }) => {
    const queue = named('q');
    const wire = await openWire({ capabilities: ['consumer_cancel_notify'] });
    const channel = await wire.openChannel();
    await queueWith(channel, queue);
    await channel.call('basic.consume', { queue, consumerTag: 'mine' });
    await channel.call('queue.delete', { queue });
    expect((await channel.next('basic.cancel')).arguments).toEqual({ consumerTag: 'mine', nowait: true });
  });
});
