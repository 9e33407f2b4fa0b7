/** Replays through the console's API, with programs that forge, forward and reject. */
import type { Channel } from 'amqplib';
import type { DeadLetterPage } from '../../lib/console/dead-letters.ts';
import type { ReplayResult } from '../../lib/deadletter/replay.ts';
import type { ReplayPlan } from '../../lib/deadletter/replay-plan.ts';
import { ConsoleClient } from './console-client.ts';
import { expect, test } from './fixtures.ts';

// Only Warren has it.
const isOurs = !process.env.WARREN_CONFORMANCE_URL;

async function get(channel: Channel, queue: string) {
  const message = await channel.get(queue);
  if (message === false) throw new Error(`nothing in ${queue}`);
  return message;
}

async function reject(channel: Channel, queue: string): Promise<void> {
  channel.nack(await get(channel, queue), false, false);
  // Answered after the rejection.
  await channel.checkQueue(queue);
}

const work = (channel: Channel, queue: string, dead: string, more = {}) =>
  channel.assertQueue(queue, { deadLetterExchange: '', deadLetterRoutingKey: dead, ...more });

const ready = async (channel: Channel, queue: string) => (await channel.checkQueue(queue)).messageCount;

test.runIf(isOurs)(
  'what was replayed, forwarded with its headers copied and died again goes back to the queue of the newest death',
  async ({ broker, confirmChannel: channel, named }) => {
    const [first, second, dead] = ['first', 'second', 'dead'].map(named) as [string, string, string];
    await channel.assertQueue(dead);
    for (const queue of [first, second]) await work(channel, queue, dead);
    const client = await ConsoleClient.signedIn(broker);
    const replay = () => client.act<ReplayResult>('POST', '/dead-letters/replay', { vhost: '/', queue: dead });
    channel.sendToQueue(first, Buffer.from('order'), { headers: { own: 1 } });
    await channel.waitForConfirms();
    await reject(channel, first);
    expect(await replay()).toMatchObject({ movedTo: [{ queue: first, count: 1 }] });
    for (let round = 0; round < 3; round++) {
      const handled = await get(channel, round === 0 ? first : second);
      channel.sendToQueue(second, handled.content, { ...handled.properties });
      channel.ack(handled);
      await channel.waitForConfirms();
      await reject(channel, second);
      expect(await replay()).toMatchObject({ movedTo: [{ queue: second, count: 1 }], skipped: [] });
    }
    expect([await ready(channel, first), await ready(channel, second), await ready(channel, dead)]).toEqual([0, 1, 0]);
  },
);

test.runIf(isOurs)(
  'a publisher who may write to the dead-letter queue alone gets his message nowhere else by an operator’s click',
  async ({ broker, connect, confirmChannel: channel, named, onTestFinished }) => {
    const [bank, dead] = ['bank', 'dead'].map(named) as [string, string];
    await channel.assertQueue(bank);
    await channel.assertQueue(dead);
    const client = await ConsoleClient.signedIn(broker);
    const api = (method: string, path: string, body?: unknown) =>
      fetch(`http://127.0.0.1:${broker.consolePort}/api${path}`, {
        method,
        headers: { authorization: `Basic ${btoa('guest:guest')}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const name = named('mallory');
    expect((await api('PUT', `/users/${name}`, { password: 'p', tags: '' })).ok).toBe(true);
    onTestFinished(async () => void (await api('DELETE', `/users/${name}`)));
    // Through the default exchange, whose name is empty.
    expect(
      (await api('PUT', `/permissions/%2F/${name}`, { configure: '', write: '^(amq\\.default)?$', read: '' })).ok,
    ).toBe(true);
    const mallory = await (await connect({ username: name, password: 'p' })).createConfirmChannel();
    mallory.sendToQueue(dead, Buffer.from('pay mallory'), {
      headers: {
        'x-death': [{ queue: bank, reason: 'rejected', exchange: 'transfers', 'routing-keys': ['pay'], count: 1 }],
        'x-first-death-queue': bank,
        'replay-original-queue': bank,
        'replay-original-exchange': 'transfers',
        'replay-original-routing-key': 'pay',
        'replay-count': 99,
      },
    });
    await mallory.waitForConfirms();
    const place = { vhost: '/', queue: dead };
    const plan = await client.act<ReplayPlan>('POST', '/dead-letters/plan', place);
    expect(plan).toMatchObject({ moves: 0, hints: [{ queue: bank, header: 'x-death', count: 1 }] });
    const result = await client.act<ReplayResult>('POST', '/dead-letters/replay', { ...place, force: true });
    expect(result).toMatchObject({ moved: 0, skipped: [{ reason: expect.stringContaining('anybody can write') }] });
    expect([await ready(channel, bank), await ready(channel, dead)]).toEqual([0, 1]);
    const response = await client.send('GET', `/dead-letters/messages?${new URLSearchParams(place)}`);
    const { messages } = (await response.json()) as DeadLetterPage;
    expect(messages).toMatchObject([
      {
        ...{ deaths: [], claimedDeaths: [{ queue: bank }], replays: 0, guarded: false },
        origin: { queue: null, hint: { queue: bank, header: 'x-death' } },
      },
    ]);
    // Chosen, it comes with the address that it has.
    await client.act<ReplayResult>('POST', '/dead-letters/replay', { ...place, target: bank });
    const { fields, properties } = await get(channel, bank);
    expect([fields.exchange, fields.routingKey]).toEqual(['', dead]);
    expect(properties.headers).toMatchObject({ 'replay-count': 99, 'replay-original-exchange': 'transfers' });
    expect(properties.headers).not.toHaveProperty('x-death');
  },
);

test.runIf(isOurs)(
  'one that cannot go is skipped, a full queue keeps what lives in it, and each message is in one place',
  async ({ broker, confirmChannel: channel, named }) => {
    const [small, dead] = ['small', 'dead'].map(named) as [string, string];
    await channel.assertQueue(dead);
    await work(channel, small, dead, { maxLength: 3 });
    for (let i = 0; i < 5; i++) {
      channel.sendToQueue(small, Buffer.from(`late ${i}`));
      await channel.waitForConfirms();
      await reject(channel, small);
    }
    for (let i = 0; i < 2; i++) channel.sendToQueue(small, Buffer.from(`live ${i}`));
    await channel.waitForConfirms();
    const client = await ConsoleClient.signedIn(broker);
    const place = { vhost: '/', queue: dead };
    expect(await client.act('POST', '/dead-letters/plan', place)).toMatchObject({ moves: 1, full: 4 });
    const result = await client.act<ReplayResult>('POST', '/dead-letters/replay', place);
    expect(result).toMatchObject({
      moved: 1,
      skipped: [{ count: 4, reason: expect.stringContaining('3 of at most 3 messages') }],
    });
    expect([await ready(channel, small), await ready(channel, dead)]).toEqual([3, 4]);
    expect((await get(channel, small)).content.toString()).toBe('live 0');
  },
);

test.runIf(isOurs)(
  'the sentence on streams and on positions that nobody gave, by page and API',
  async ({ broker, confirmChannel: channel, named }) => {
    const [history, plain] = ['history', 'plain'].map(named) as [string, string];
    await channel.assertQueue(history, { durable: true, arguments: { 'x-queue-type': 'stream' } });
    await channel.assertQueue(plain);
    channel.sendToQueue(history, Buffer.from('kept'));
    for (let i = 0; i < 20; i++) channel.sendToQueue(plain, Buffer.from('x'.repeat(100)), { persistent: true });
    await channel.waitForConfirms();
    const client = await ConsoleClient.signedIn(broker);
    const asked = { vhost: '/', queue: history, target: plain };
    const refused = await client.send('POST', '/dead-letters/replay', asked);
    expect([refused.status, await refused.json()]).toEqual([
      409,
      { error: 'PRECONDITION_FAILED', reason: expect.stringContaining('nothing is ever taken out of one') },
    ]);
    expect(await client.act('POST', '/dead-letters/plan', asked)).toMatchObject({
      refusal: expect.stringContaining('is a stream'),
    });
    for (const position of ['1', '29', '100', '1-AAAAAAAAAAAA']) {
      const query = new URLSearchParams({ vhost: '/', queue: plain, position });
      expect((await client.send('GET', `/message?${query}`)).status).toBe(400);
      const replay = { vhost: '/', queue: plain, positions: [position], target: history };
      expect(await client.act('POST', '/dead-letters/replay', replay)).toMatchObject({ moved: 0 });
    }
    expect(await ready(channel, plain)).toBe(20);
    expect((await client.send('GET', `/messages?${new URLSearchParams({ vhost: '/', queue: plain })}`)).status).toBe(
      200,
    );
  },
);
