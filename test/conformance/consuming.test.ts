/** Consuming: what the check list leaves open. */
import { type FieldTable, findField } from '../../lib/amqp/field-table.ts';
import { deaths } from '../../lib/broker/dead-letters/dead-letter.ts';
import { list, number, text } from './field.ts';
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

describe('acknowledging', () => {
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

describe('expiring', () => {
  test('happens at the head of the whole queue: not behind a message of a higher priority', async ({ wire, named }) => {
    const [queue, dead] = [named('q'), named('dead')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue: dead });
    await channel.call('queue.declare', {
      queue,
      arguments: [
        ['x-max-priority', number(1)],
        ['x-dead-letter-exchange', text('')],
        ['x-dead-letter-routing-key', text(dead)],
      ],
    });
    await channel.call('basic.consume', { queue: dead, noAck: true });
    channel.publish({ routingKey: queue }, 'high', { priority: 1, expiration: '300' });
    channel.publish({ routingKey: queue }, 'low', { expiration: '10' });
    expect(await bodies(channel, 2)).toEqual(['high', 'low']);
  });
});

describe('blind copies', () => {
  test('are kept from all eyes, and dead letters go there again', async ({ wire, named }) => {
    const [queue, blind] = [named('q'), named('blind')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue, arguments: [['x-dead-letter-exchange', text('')]] });
    await queueWith(channel, blind);
    channel.publish({ routingKey: queue }, 'a', { headers: [['BCC', list(blind)]] });
    await channel.call('basic.get', { queue });
    channel.send('basic.reject', { deliveryTag: 1, requeue: false });
    await channel.call('basic.consume', { queue: blind, noAck: true });
    const [first, letter] = [await channel.next('basic.deliver'), await channel.next('basic.deliver')];
    expect(first.content.properties.headers ?? []).toEqual([]);
    const [death] = deaths(letter.content.properties.headers ?? []);
    expect(findField(death ?? [], 'routing-keys')).toEqual(list(queue));
    expect(letter.content.properties.headers?.map(([name]) => name)).not.toContain('BCC');
  });
});

describe('prefetch', () => {
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

  test('of a channel: what a full channel gives back goes to another consumer, of a lower priority too', async ({
    wire,
    named,
  }) => {
    const queue = named('q');
    const [full, other] = [await wire.openChannel(1), await wire.openChannel(2)];
    await full.call('basic.qos', { prefetchCount: 1, global: true });
    await queueWith(full, queue, 'a');
    await full.call('basic.consume', { queue, arguments: [['x-priority', number(2)]] });
    expect(await bodies(full, 1)).toEqual(['a']);
    await other.call('basic.consume', { queue });
    other.publish({ routingKey: queue }, 'b');
    expect(await bodies(other, 1)).toEqual(['b']);
    full.send('basic.reject', { deliveryTag: 1, requeue: true });
    expect(await bodies(other, 1)).toEqual(['a again']);
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
  test('after a single active consumer comes the first of the highest priority', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', {
      queue,
      arguments: [['x-single-active-consumer', { type: 't', value: true }]],
    });
    for (const [consumerTag, priority] of [
      ['first', 0],
      ['low', 0],
      ['high', 2],
      ['high too', 2],
    ] as const) {
      const priorities: FieldTable = [['x-priority', number(priority)]];
      await channel.call('basic.consume', { queue, consumerTag, noAck: true, arguments: priorities });
    }
    const served: string[] = [];
    for (const leaving of ['first', 'high', 'high too', null]) {
      channel.publish({ routingKey: queue }, 'x');
      served.push((await channel.next('basic.deliver')).arguments.consumerTag);
      if (leaving) await channel.call('basic.cancel', { consumerTag: leaving });
    }
    expect(served).toEqual(['first', 'high', 'high too', 'low']);
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
