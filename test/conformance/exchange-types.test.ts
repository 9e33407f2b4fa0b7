/** Exchanges that spread, remember, deduplicate and delay, as programs use them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Channel, type ConfirmChannel, connect, type Message, type Options } from 'amqplib';
import { startBroker, type TestBroker } from './broker.ts';
import { describe, expect, test } from './fixtures.ts';
import { consume } from './inbox.ts';
import { within } from './patience.ts';

const DELAYED = 'x-delayed-message';
const delayed = (type = 'direct'): Options.AssertExchange => ({ arguments: { 'x-delayed-type': type } });

/** What the broker says when it closes the channel over what `act` asks for. */
async function refusal(channel: Channel, act: () => Promise<unknown>): Promise<string> {
  const said = new Promise<string>((resolve) => {
    channel.once('error', (error: Error) => resolve(error.message));
  });
  act().catch(() => {});
  return within(said, 'a refusal');
}

const countOf = async (channel: Channel, queue: string): Promise<number> =>
  (await channel.checkQueue(queue)).messageCount;

async function counts(channel: Channel, queues: string[]): Promise<number[]> {
  return Promise.all(queues.map((queue) => countOf(channel, queue)));
}

/** Queues of these names, bound. */
async function bound(channel: Channel, exchange: string, queues: string[], key: string): Promise<void> {
  for (const queue of queues) {
    await channel.assertQueue(queue);
    await channel.bindQueue(queue, exchange, key);
  }
}

test('an exchange type that nobody knows is refused, and only the channel is closed', async ({
  openChannel,
  named,
}) => {
  const channel = await openChannel();
  const text = await refusal(channel, () => channel.assertExchange(named('e'), 'x-made-up'));
  expect(text).toContain("PRECONDITION_FAILED - unknown exchange type 'x-made-up'");
  await (await openChannel()).assertQueue(named('q'));
});

describe('a delayed message', () => {
  test('comes when it is due, the first due first, with its delay turned negative', async ({
    confirmChannel,
    named,
  }) => {
    const [exchange, queue] = [named('later'), named('q')];
    await confirmChannel.assertExchange(exchange, DELAYED, delayed());
    await bound(confirmChannel, exchange, [queue], 'k');
    const inbox = await consume(confirmChannel, queue);
    const start = performance.now();
    for (const ms of [900, 300, 600]) {
      confirmChannel.publish(exchange, 'k', Buffer.from(String(ms)), { headers: { 'x-delay': ms } });
    }
    await confirmChannel.waitForConfirms();
    // The confirms did not wait for the delays.
    expect(performance.now() - start).toBeLessThan(300);
    for (const ms of [300, 600, 900]) {
      const message = await inbox.next();
      expect(message.content.toString()).toBe(String(ms));
      expect(message.properties.headers?.['x-delay']).toBe(-ms);
      expect(performance.now() - start).toBeGreaterThanOrEqual(ms - 1);
    }
  });

  test('that is mandatory is returned, and comes nevertheless', async ({ confirmChannel, named }) => {
    const [exchange, queue] = [named('later'), named('q')];
    await confirmChannel.assertExchange(exchange, DELAYED, delayed('fanout'));
    await bound(confirmChannel, exchange, [queue], '');
    const inbox = await consume(confirmChannel, queue);
    const returned = new Promise<Message>((resolve) => {
      confirmChannel.once('return', resolve);
    });
    confirmChannel.publish(exchange, 'k', Buffer.from('x'), { mandatory: true, headers: { 'x-delay': 50 } });
    expect((await within(returned, 'the return')).fields).toMatchObject({ replyCode: 312, replyText: 'NO_ROUTE' });
    expect((await inbox.next()).content.toString()).toBe('x');
  });

  test('that need not wait is routed at once', async ({ channel, named }) => {
    const [exchange, queue] = [named('later'), named('q')];
    await channel.assertExchange(exchange, DELAYED, delayed('topic'));
    await bound(channel, exchange, [queue], 'a.*');
    const inbox = await consume(channel, queue);
    channel.publish(exchange, 'a.b', Buffer.from('now'), { headers: { 'x-delay': 0 } });
    channel.publish(exchange, 'a.b', Buffer.from('also'));
    expect(await inbox.bodies(2)).toEqual(['now', 'also']);
  });

  test('needs the type that routes it', async ({ openChannel, named }) => {
    const channel = await openChannel();
    expect(await refusal(channel, () => channel.assertExchange(named('e'), DELAYED))).toContain(
      "Invalid argument, 'x-delayed-type' must be an existing exchange type",
    );
  });
});

describe('a hash', () => {
  test('spreads evenly, and the same key goes to the same queue', async ({ confirmChannel, named }) => {
    const exchange = named('hash');
    const queues = ['a', 'b', 'c'].map(named);
    await confirmChannel.assertExchange(exchange, 'x-consistent-hash');
    await bound(confirmChannel, exchange, queues, '1');
    for (let i = 0; i < 3000; i++) {
      for (let twice = 0; twice < 2; twice++) confirmChannel.publish(exchange, `order.${i}`, Buffer.from('x'));
    }
    await confirmChannel.waitForConfirms();
    const got = await counts(confirmChannel, queues);
    expect(got.reduce((a, b) => a + b)).toBe(6000);
    for (const count of got) {
      expect(count % 2).toBe(0);
      expect(Math.abs(count - 2000)).toBeLessThan(250);
    }
  });

  test('takes only weights as binding keys', async ({ openChannel, named }) => {
    const [exchange, queue] = [named('hash'), named('q')];
    for (const [key, text] of [
      ['k', 'The binding key must be an integer: <<"k">>'],
      ['0', 'The binding key must be greater than 0'],
    ] as const) {
      const channel = await openChannel();
      await channel.assertExchange(exchange, 'x-consistent-hash');
      await channel.assertQueue(queue);
      expect(await refusal(channel, () => channel.bindQueue(queue, exchange, key))).toContain(text);
    }
  });
});

describe.each(['x-random', 'x-local-random', 'x-modulus-hash'])('%s', (type) => {
  test('brings each message to one queue, and none is left out', async ({ confirmChannel, named }) => {
    const exchange = named('e');
    const queues = ['a', 'b'].map(named);
    await confirmChannel.assertExchange(exchange, type);
    await bound(confirmChannel, exchange, queues, '');
    for (let i = 0; i < 400; i++) confirmChannel.publish(exchange, `k${i}`, Buffer.from('x'));
    await confirmChannel.waitForConfirms();
    const got = await counts(confirmChannel, queues);
    expect(got.reduce((a, b) => a + b)).toBe(400);
    expect(Math.min(...got)).toBeGreaterThan(100);
  });
});

test('recent history comes to a queue that is bound later', async ({ confirmChannel, named }) => {
  const [exchange, queue] = [named('history'), named('q')];
  await confirmChannel.assertExchange(exchange, 'x-recent-history', { arguments: { 'x-recent-history-length': 2 } });
  for (const body of ['a', 'b', 'c']) confirmChannel.publish(exchange, 'k', Buffer.from(body));
  confirmChannel.publish(exchange, 'k', Buffer.from('secret'), { headers: { 'x-recent-history-no-store': true } });
  await confirmChannel.waitForConfirms();
  await bound(confirmChannel, exchange, [queue], '');
  expect(await (await consume(confirmChannel, queue)).bodies(2)).toEqual(['b', 'c']);
  expect(await countOf(confirmChannel, queue)).toBe(0);
});

describe('a duplicate', () => {
  const id = (value: string): Options.Publish => ({ headers: { 'x-deduplication-header': value } });

  test('goes through the exchange once', async ({ confirmChannel, named }) => {
    const [exchange, queue] = [named('once'), named('q')];
    await confirmChannel.assertExchange(exchange, 'x-message-deduplication', { arguments: { 'x-cache-size': 100 } });
    await bound(confirmChannel, exchange, [queue], '');
    for (const value of ['a', 'a', 'b', 'a']) confirmChannel.publish(exchange, '', Buffer.from(value), id(value));
    await confirmChannel.waitForConfirms();
    expect(await (await consume(confirmChannel, queue)).bodies(2)).toEqual(['a', 'b']);
    expect(await countOf(confirmChannel, queue)).toBe(0);
  });

  test('is dropped by the queue until the first is acknowledged', async ({ confirmChannel, named }) => {
    const queue = named('q');
    await confirmChannel.assertQueue(queue, { arguments: { 'x-message-deduplication': true } });
    const send = async (): Promise<void> => {
      confirmChannel.sendToQueue(queue, Buffer.from('x'), id('a'));
      await confirmChannel.waitForConfirms();
    };
    await send();
    await send();
    expect(await countOf(confirmChannel, queue)).toBe(1);
    const message = await confirmChannel.get(queue);
    if (!message) throw new Error('nothing was ready');
    await send();
    expect(await countOf(confirmChannel, queue)).toBe(0);
    confirmChannel.ack(message);
    await send();
    expect(await countOf(confirmChannel, queue)).toBe(1);
  });
});

describe('after the broker was killed', () => {
  /** Does something with a confirm channel. */
  async function withChannel<T>(broker: TestBroker, act: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    const model = await connect(broker.url);
    model.on('error', () => {});
    const channel = await model.createConfirmChannel();
    channel.on('error', () => {});
    return act(channel).finally(() => model.close().catch(() => {}));
  }

  test('confirmed delays, history and ids are there again', async ({ broker: { pid }, named }) => {
    if (pid === undefined) return;
    const dataDir = mkdtempSync(join(tmpdir(), 'warren-exchanges-'));
    const durable: Options.AssertExchange = { durable: true };
    const once: Options.AssertExchange = {
      durable: true,
      arguments: { 'x-cache-size': 10, 'x-cache-persistence': 'disk' },
    };
    const duplicate: Options.Publish = { persistent: true, headers: { 'x-deduplication-header': 'id' } };
    const [later, history, dedup, queue] = [named('later'), named('history'), named('once'), named('q')];
    const first = await startBroker({ WARREN_DATA_DIR: dataDir });
    try {
      await withChannel(first, async (channel) => {
        await channel.assertExchange(later, DELAYED, { ...durable, ...delayed('fanout') });
        await channel.assertExchange(history, 'x-recent-history', durable);
        await channel.assertExchange(dedup, 'x-message-deduplication', once);
        await channel.assertQueue(queue, { durable: true });
        await channel.bindQueue(queue, later, '');
        for (const [body, ms] of [
          ['second', 3000],
          ['first', 2900],
          ['far', 3_600_000],
        ] as const) {
          channel.publish(later, '', Buffer.from(body), { headers: { 'x-delay': ms } });
        }
        channel.publish(history, '', Buffer.from('kept'), { persistent: true });
        channel.publish(dedup, '', Buffer.from('x'), duplicate);
        await channel.waitForConfirms();
      });
      process.kill(first.pid as number, 'SIGKILL');
      await first.stop();
      const second = await startBroker({ WARREN_DATA_DIR: dataDir });
      await withChannel(second, async (channel) => {
        const inbox = await consume(channel, queue);
        expect(await inbox.bodies(2)).toEqual(['first', 'second']);
        await channel.bindQueue(queue, history, '');
        expect(await inbox.bodies(1)).toEqual(['kept']);
        await channel.bindQueue(queue, dedup, '');
        channel.publish(dedup, '', Buffer.from('x'), duplicate);
        channel.publish(dedup, '', Buffer.from('y'), { headers: { 'x-deduplication-header': 'other' } });
        expect(await inbox.bodies(1)).toEqual(['y']);
      }).finally(() => second.stop());
    } finally {
      await first.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
