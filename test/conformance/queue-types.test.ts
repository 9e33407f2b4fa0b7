/** Quorum queues and streams, as programs use them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Channel, ChannelModel, ConsumeMessage, Options } from 'amqplib';
import type { TestBroker } from './broker.ts';
import { describe, expect, test } from './fixtures.ts';
import { consume, type Inbox } from './inbox.ts';
import { eventually } from './patience.ts';

const quorum = (args: Record<string, unknown> = {}): Options.AssertQueue => ({
  durable: true,
  arguments: { 'x-queue-type': 'quorum', ...args },
});
const stream = (args: Record<string, unknown> = {}): Options.AssertQueue => ({
  durable: true,
  arguments: { 'x-queue-type': 'stream', ...args },
});

/** Why the broker closes a connection. */
const refusalOf = (model: ChannelModel): Promise<string> =>
  new Promise((resolve) => {
    model.once('error', (error: Error) => resolve(error.message));
  });

const deliveryCount = (message: ConsumeMessage): number => message.properties.headers?.['x-delivery-count'] ?? 0;
const offsetOf = (message: ConsumeMessage): number => message.properties.headers?.['x-stream-offset'];

describe('a quorum queue', () => {
  test('counts attempts, and dead-letters after the limit', async ({ channel, named }) => {
    const [queue, dead] = [named('work'), named('dead')];
    await channel.assertQueue(dead);
    const dlx = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': dead };
    await channel.assertQueue(queue, quorum({ 'x-delivery-limit': 2, ...dlx }));
    const [inbox, deadLetters] = [await consume(channel, queue), await consume(channel, dead)];
    channel.sendToQueue(queue, Buffer.from('job'));
    for (const attempt of [0, 1, 2]) {
      const message = await inbox.next();
      expect([deliveryCount(message), message.fields.redelivered]).toEqual([attempt, attempt > 0]);
      channel.nack(message);
    }
    const letter = await deadLetters.next();
    expect(letter.properties.headers?.['x-death']?.[0]).toMatchObject({ reason: 'delivery_limit', queue, count: 1 });
  });

  test('gives back what a channel that closes had, counted', async ({ openChannel, named }) => {
    const queue = named('work');
    const first = await openChannel();
    await first.assertQueue(queue, quorum());
    for (const body of ['a', 'b']) first.sendToQueue(queue, Buffer.from(body));
    const inbox = await consume(first, queue);
    expect(await inbox.bodies(2)).toEqual(['a', 'b']);
    await first.close();
    const second = await openChannel();
    const again = await (await consume(second, queue)).take(2);
    expect(again.map((message) => [message.content.toString(), deliveryCount(message)])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  test('keeps dead letters until their queue takes them', async ({ confirmChannel: channel, named }) => {
    const [queue, dead] = [named('work'), named('dead')];
    await channel.assertQueue(dead, { maxLength: 1, arguments: { 'x-overflow': 'reject-publish' } });
    const sure = { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish', 'x-max-length': 100 };
    const dlx = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': dead };
    await channel.assertQueue(queue, quorum({ ...sure, ...dlx }));
    for (const body of ['a', 'b']) channel.sendToQueue(queue, Buffer.from(body));
    await channel.waitForConfirms();
    const inbox = await consume(channel, queue);
    for (const message of await inbox.take(2)) channel.nack(message, false, false);
    const bodies: string[] = [];
    while (bodies.length < 2) {
      const message = await channel.get(dead, { noAck: true });
      if (message) bodies.push(message.content.toString());
      else await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(bodies).toEqual(['a', 'b']);
  });

  test.for<[string, Options.AssertQueue, string]>([
    ['no priorities', quorum({ 'x-max-priority': 5 }), "invalid arg 'x-max-priority' for queue"],
    ['not durable', { ...quorum(), durable: false }, "invalid property 'non-durable' for queue"],
    ['exclusive', { ...quorum(), exclusive: true }, "invalid property 'exclusive-owner' for queue"],
    ['auto-delete', { ...quorum(), autoDelete: true }, "invalid property 'auto-delete' for queue"],
  ])('cannot be declared as others can: %s', async ([, options, text], { channel, named }) => {
    await expect(channel.assertQueue(named('q'), options)).rejects.toThrow(`PRECONDITION_FAILED - ${text}`);
  });

  test('has no server-named one', async ({ channel }) => {
    await expect(channel.assertQueue('', quorum())).rejects.toThrow(
      'Cannot declare a server-named queue for type rabbit_quorum_queue',
    );
  });

  test('is deleted without conditions only', async ({ connect, named }) => {
    const queue = named('q');
    const model = await connect();
    const channel = await model.createChannel();
    await channel.assertQueue(queue, quorum());
    const refusal = refusalOf(model);
    await expect(channel.deleteQueue(queue, { ifUnused: true })).rejects.toThrow();
    expect(await refusal).toContain('if-unused flag set are not supported by quorum queues');
  });
});

async function read(channel: Channel, queue: string, args: Record<string, unknown>, prefetch = 100): Promise<Inbox> {
  await channel.prefetch(prefetch);
  return consume(channel, queue, { arguments: args });
}

describe('a stream', () => {
  test('is read by everybody from where they like, again and again', async ({ confirmChannel, openChannel, named }) => {
    const queue = named('events');
    await confirmChannel.assertQueue(queue, stream());
    for (let i = 0; i < 9; i++) confirmChannel.sendToQueue(queue, Buffer.from(`m${i}`), { headers: { n: i } });
    await confirmChannel.waitForConfirms();
    // Alone, because `last` is where the last chunk begins, and a chunk is what was written together.
    confirmChannel.sendToQueue(queue, Buffer.from('m9'), {});
    await confirmChannel.waitForConfirms();
    const places: [Record<string, unknown>, number][] = [
      [{ 'x-stream-offset': 'first' }, 0],
      [{ 'x-stream-offset': 7 }, 7],
      [{ 'x-stream-offset': 'last' }, 9],
      [{ 'x-stream-offset': '1h' }, 0],
      [{ 'x-stream-offset': { '!': 'timestamp', value: 0 } }, 0],
      [{}, 10],
    ];
    const inboxes: Inbox[] = [];
    for (const [args] of places) inboxes.push(await read(await openChannel(), queue, args));
    confirmChannel.sendToQueue(queue, Buffer.from('m10'), {});
    for (const [index, inbox] of inboxes.entries()) {
      const from = places[index]?.[1] as number;
      const messages = await inbox.take(11 - from);
      expect(messages.map(offsetOf)).toEqual(Array.from({ length: 11 - from }, (_, i) => from + i));
      expect(messages.map((message) => message.content.toString())).toEqual(
        Array.from({ length: 11 - from }, (_, i) => `m${from + i}`),
      );
      expect(messages.some((message) => message.fields.redelivered)).toBe(false);
    }
    const count = async (): Promise<number> => (await confirmChannel.checkQueue(queue)).messageCount;
    expect(await eventually(count, (answer) => answer === 11)).toBe(11);
  });

  test('gives no more than the prefetch until something is settled', async ({ channel, named }) => {
    const queue = named('events');
    await channel.assertQueue(queue, stream());
    for (let i = 0; i < 6; i++) channel.sendToQueue(queue, Buffer.from(`m${i}`));
    const inbox = await read(channel, queue, { 'x-stream-offset': 'first' }, 2);
    const [first, second] = (await inbox.take(2)) as [ConsumeMessage, ConsumeMessage];
    channel.ack(first);
    expect(await inbox.bodies(1)).toEqual(['m2']);
    channel.nack(second);
    expect(await inbox.bodies(1)).toEqual(['m3']);
    channel.ackAll();
    expect(await inbox.bodies(2)).toEqual(['m4', 'm5']);
  });

  test('sends to a filter what carries its value', async ({ broker, skip, channel, named }) => {
    skip(broker.is3, 'filters came with 3.13');
    const queue = named('events');
    await channel.assertQueue(queue, stream());
    for (const [body, value] of [
      ['a', 'north'],
      ['b', 'south'],
      ['c', 'north'],
    ])
      channel.sendToQueue(queue, Buffer.from(body as string), { headers: { 'x-stream-filter-value': value } });
    const inbox = await read(channel, queue, { 'x-stream-offset': 'first', 'x-stream-filter': ['south', 'west'] });
    const message = await inbox.next();
    expect([message.content.toString(), offsetOf(message)]).toEqual(['b', 1]);
  });

  test('gives up its oldest messages by length', async ({ broker, skip, confirmChannel, openChannel, named }) => {
    skip(broker.is3, 'it counts in its own time');
    const queue = named('events');
    const sizes = { 'x-max-length-bytes': 100_000, 'x-stream-max-segment-size-bytes': 20_000 };
    await confirmChannel.assertQueue(queue, stream(sizes));
    for (let i = 0; i < 500; i++) confirmChannel.sendToQueue(queue, Buffer.alloc(1000));
    await confirmChannel.waitForConfirms();
    const { messageCount } = await confirmChannel.checkQueue(queue);
    expect(messageCount).toBeGreaterThan(50);
    expect(messageCount).toBeLessThan(130);
    const inbox = await read(await openChannel(), queue, { 'x-stream-offset': 'first' });
    expect(offsetOf(await inbox.next())).toBe(500 - messageCount);
  });

  test('needs a prefetch', async ({ channel, named }) => {
    const queue = named('events');
    await channel.assertQueue(queue, stream());
    await expect(consume(channel, queue)).rejects.toThrow('consumer prefetch count is not set for');
  });

  test.for<[string, string, (channel: Channel, queue: string) => Promise<unknown>]>([
    ['basic.get', 'basic.get not supported by stream queues', (channel, queue) => channel.get(queue)],
    ['queue.purge', 'queue.purge not supported by stream queues', (channel, queue) => channel.purgeQueue(queue)],
    [
      'consuming without acks',
      'automatic acknowledgement not supported by stream queue',
      async (channel, queue) => {
        await channel.prefetch(5);
        await channel.consume(queue, () => {}, { noAck: true });
      },
    ],
  ])('cannot do everything: %s', async ([, text, ask], { connect, named }) => {
    const queue = named('events');
    const model = await connect();
    const channel = await model.createChannel();
    await channel.assertQueue(queue, stream());
    const refusal = refusalOf(model);
    await expect(ask(channel, queue)).rejects.toThrow();
    expect(await refusal).toContain(`NOT_IMPLEMENTED - ${text}`);
  });

  test('takes no time to live', async ({ channel, named }) => {
    await expect(channel.assertQueue(named('events'), stream({ 'x-message-ttl': 5 }))).rejects.toThrow(
      /invalid arg 'x-message-ttl' for queue '.+' in vhost '\/' of queue type rabbit_stream_queue/,
    );
  });
});

const PYTHON = '/usr/bin/python3';
const run = promisify(execFile);
const hasPika = await run(PYTHON, ['-c', 'import pika']).then(
  () => true,
  () => false,
);

const PIKA = `
import datetime, pika, sys
channel = pika.BlockingConnection(pika.ConnectionParameters('127.0.0.1', int(sys.argv[1]))).channel()
name = sys.argv[2]
channel.queue_declare(name, durable=True, arguments={'x-queue-type': 'stream', 'x-max-age': '7D'})
channel.confirm_delivery()
for i in range(20): channel.basic_publish('', name, b'm%d' % i)
channel.basic_qos(prefetch_count=3)
hour = datetime.timedelta(hours=1)
since = datetime.datetime.fromtimestamp(datetime.datetime.now().timestamp()) - hour
got = []
for method, properties, body in channel.consume(name, arguments={'x-stream-offset': since}, inactivity_timeout=10):
    got.append((properties.headers['x-stream-offset'], body.decode()))
    channel.basic_ack(method.delivery_tag)
    if len(got) == 20: break
print(got == [(i, 'm%d' % i) for i in range(20)])
`;

async function withPika(script: string, broker: TestBroker, name: string): Promise<string> {
  const { stdout } = await run(PYTHON, ['-c', script, String(broker.port), name]);
  return stdout.trim();
}

test.skipIf(!hasPika)('pika reads a stream from a moment', async ({ broker, named }) => {
  expect(await withPika(PIKA, broker, named('events'))).toBe('True');
});
