/** Where brokers go wrong, ends of messages, kinds of queues, answers, transactions: a test a rule, by its number in the list. */
import type { Field, FieldTable } from '../../../lib/amqp/field-table.ts';
import { list, number, text } from '../field.ts';
import { expect, test } from '../fixtures.ts';
import { eventually } from '../patience.ts';
import type { WireChannel } from '../wire-channel.ts';

const elapse = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function ready(channel: WireChannel, queue: string): Promise<number> {
  return (await channel.call('queue.declare', { queue, passive: true })).arguments.messageCount;
}

const filled = (channel: WireChannel, queue: string): Promise<number> =>
  eventually(
    () => ready(channel, queue),
    (count) => count > 0,
  );

/** The next message of a queue, once it has come; it stays unsettled. */
async function take(channel: WireChannel, queue: string) {
  await filled(channel, queue);
  const got = await channel.call('basic.get', { queue });
  if (got.name !== 'basic.get-ok' || !got.content) throw new Error('nothing came');
  return {
    ...got.arguments,
    body: got.content.body.toString(),
    headers: got.content.properties.headers ?? [],
    properties: got.content.properties,
  };
}

async function rest(channel: WireChannel, queue: string): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const got = await channel.call('basic.get', { queue, noAck: true });
    if (got.name === 'basic.get-empty') return found;
    found.push(String(got.content?.body));
  }
}

const field = (table: FieldTable, name: string): Field | undefined => table.find(([key]) => key === name)?.[1];

function deaths({ headers }: { headers: FieldTable }): Record<string, unknown>[] {
  const plain = (one: Field): unknown =>
    one.type === 'A' ? one.value.map(plain) : 'value' in one ? String(one.value) : undefined;
  const found = field(headers, 'x-death');
  const entries = found?.type === 'A' ? found.value : [];
  return entries.map((entry) =>
    Object.fromEntries((entry.type === 'F' ? entry.value : []).map(([name, one]) => [name, plain(one)])),
  );
}

const deadLettersTo = (queue: string): FieldTable => [
  ['x-dead-letter-exchange', text('')],
  ['x-dead-letter-routing-key', text(queue)],
];

test('38: a time of its own ends a message at the head only; 0 is now or never; a requeue keeps the deadline; an unused queue leaves no dead letters', async ({
  wire,
  named,
}) => {
  const [queue, timed, now, unused, dead] = ['q', 'timed', 'now', 'unused', 'dead'].map(named) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const channel = await wire.openChannel();
  for (const name of [queue, dead]) await channel.call('queue.declare', { queue: name });
  const expires: FieldTable = [['x-expires', number(400)], ...deadLettersTo(dead)];
  await channel.call('queue.declare', { queue: unused, arguments: expires });
  channel.publish({ routingKey: unused }, 'x');

  channel.publish({ routingKey: queue }, 'stays');
  channel.publish({ routingKey: queue }, 'goes', { expiration: '0' });
  await elapse(50);
  expect(await ready(channel, queue)).toBe(2);
  expect(await take(channel, queue)).toMatchObject({ body: 'stays', messageCount: 0 });

  await channel.call('queue.declare', { queue: now, arguments: [['x-message-ttl', number(0)]] });
  channel.publish({ routingKey: now }, 'nobody');
  expect(await ready(channel, now)).toBe(0);
  await channel.call('basic.consume', { queue: now, noAck: true });
  channel.publish({ routingKey: now }, 'somebody');
  expect((await channel.next('basic.deliver')).content.body.toString()).toBe('somebody');

  await channel.call('queue.declare', { queue: timed, arguments: [['x-message-ttl', number(1000)]] });
  channel.publish({ routingKey: timed }, 'x');
  const begunMs = performance.now();
  for (let i = 0; i < 3; i++) {
    const { deliveryTag } = await take(channel, timed);
    await elapse(200);
    channel.send('basic.reject', { deliveryTag, requeue: true });
  }
  await eventually(
    () => ready(channel, timed),
    (count) => count === 0,
  );
  // Counted from when it came, not from when it came back.
  expect(performance.now() - begunMs).toBeLessThan(1500);

  await eventually(
    async () => {
      channel.publish({ routingKey: unused, mandatory: true }, 'x');
      await channel.call('channel.flow', { active: true });
      return channel.unread;
    },
    (returned) => returned > 0,
  );
  expect(channel.unread).toBe(1);
  expect(await ready(channel, dead)).toBe(0);
});

test('39: a length counts what is ready; the oldest is dropped, with priorities the oldest of the highest', async ({
  wire,
  named,
}) => {
  const [queue, ranked] = [named('q'), named('ranked')];
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue, arguments: [['x-max-length', number(2)]] });
  channel.publish({ routingKey: queue }, 'out');
  await channel.call('basic.get', { queue });
  for (const body of ['a', 'b']) channel.publish({ routingKey: queue }, body);
  await expect.poll(() => ready(channel, queue)).toBe(2);
  channel.publish({ routingKey: queue }, 'c');
  expect(await rest(channel, queue)).toEqual(['b', 'c']);
  const args: FieldTable = [
    ['x-max-length', number(2)],
    ['x-max-priority', number(5)],
  ];
  await channel.call('queue.declare', { queue: ranked, arguments: args });
  for (const priority of [9, 0, 1]) channel.publish({ routingKey: ranked }, `priority ${priority}`, { priority });
  expect(await rest(channel, ranked)).toEqual(['priority 1', 'priority 0']);
});

test('40: x-death: newest first, a count for each queue and reason, the time of the first, no expiration, all keys it had; a circle of expiry alone is cut', async ({
  wire,
  named,
}) => {
  const [work, wait, dead, circle] = ['work', 'wait', 'dead', 'circle'].map(named) as [string, string, string, string];
  const exchange = named('dlx');
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue: work, arguments: deadLettersTo(wait) });
  const waiting: FieldTable = [...deadLettersTo(work), ['x-message-ttl', number(600)]];
  await channel.call('queue.declare', { queue: wait, arguments: waiting });
  channel.publish({ routingKey: work }, 'x', { expiration: '60000', headers: [['CC', list('copy')]] });
  let first: unknown;
  for (let round = 1; round <= 2; round++) {
    const got = await take(channel, work);
    if (round === 2) first = deaths(got)[1]?.time;
    channel.send('basic.reject', { deliveryTag: got.deliveryTag });
  }
  const letter = await take(channel, work);
  const { properties, redelivered, exchange: through, routingKey } = letter;
  expect([properties.expiration, redelivered, through, routingKey]).toEqual([undefined, false, '', work]);
  const found = deaths(letter);
  expect(found).toEqual([
    {
      ...{ count: '2', exchange: '', queue: wait, reason: 'expired', time: expect.any(String) },
      'routing-keys': expect.arrayContaining([wait]),
    },
    {
      ...{ count: '2', exchange: '', queue: work, reason: 'rejected', time: first },
      ...{ 'original-expiration': '60000', 'routing-keys': [work, 'copy'] },
    },
  ]);
  for (const [what, value] of [
    ['exchange', ''],
    ['queue', work],
    ['reason', 'rejected'],
  ] as const) {
    expect(field(letter.headers, `x-first-death-${what}`)).toEqual(text(value));
  }

  await channel.call('exchange.declare', { exchange, type: 'direct' });
  const dropping: FieldTable = [
    ['x-dead-letter-exchange', text(exchange)],
    ['x-max-length', number(0)],
  ];
  const short = named('short');
  await channel.call('queue.declare', { queue: short, arguments: dropping });
  await channel.call('queue.declare', { queue: dead });
  for (const key of [short, 'copy']) {
    // By each of its keys it comes there.
    await channel.call('queue.bind', { exchange, queue: dead, routingKey: key });
    channel.publish({ routingKey: short }, 'x', { headers: [['CC', list('copy')]] });
    expect(deaths(await take(channel, dead))).toMatchObject([{ reason: 'maxlen', 'routing-keys': [short, 'copy'] }]);
    await channel.call('queue.unbind', { exchange, queue: dead, routingKey: key });
  }

  const turning: FieldTable = [...deadLettersTo(circle), ['x-message-ttl', number(0)]];
  await channel.call('queue.declare', { queue: circle, arguments: turning });
  channel.publish({ routingKey: circle }, 'x');
  expect(await ready(channel, circle)).toBe(0);
});

const quorum: FieldTable[number] = ['x-queue-type', text('quorum')];

test('41: a quorum queue delivers 21 times and counts from the second on; it has no priorities, is durable and shared, and is deleted without conditions', async ({
  wire,
  openWire,
  broker,
  named,
}) => {
  const queue = named('q');
  const channel = await wire.openChannel();
  // RabbitMQ 3 has no limit of its own.
  const limit: FieldTable = broker.is3 ? [['x-delivery-limit', number(20)]] : [];
  await channel.call('queue.declare', { queue, durable: true, arguments: [quorum, ...limit] });
  await channel.call('confirm.select');
  channel.publish({ routingKey: queue }, 'x');
  await channel.next('basic.ack');
  await channel.call('basic.consume', { queue });
  const attempts: unknown[] = [];
  for (let i = 0; i < 21; i++) {
    const { arguments: delivery, content } = await channel.next('basic.deliver');
    const count = field(content.properties.headers ?? [], 'x-delivery-count');
    attempts.push(count && 'value' in count ? Number(count.value) : undefined);
    expect(delivery.redelivered).toBe(i > 0);
    channel.send('basic.nack', { deliveryTag: delivery.deliveryTag, requeue: true });
  }
  expect(attempts).toEqual([undefined, ...Array.from({ length: 20 }, (_, i) => i + 1)]);
  await elapse(100);
  expect([await ready(channel, queue), channel.unread]).toEqual([0, 0]);
  const wrong: [asked: object, said: string][] = [
    [{ durable: true, arguments: [quorum, ['x-max-priority', number(5)]] }, "invalid arg 'x-max-priority' for queue"],
    [{ durable: true, exclusive: true, arguments: [quorum] }, "invalid property 'exclusive-owner' for queue"],
    [{ arguments: [quorum] }, "invalid property 'non-durable' for queue"],
  ];
  for (const [index, [asked, said]] of wrong.entries()) {
    const other = await wire.openChannel(index + 2);
    await expect(other.call('queue.declare', { queue: named('other'), ...asked })).rejects.toMatchObject({
      code: 406,
      text: expect.stringContaining(`PRECONDITION_FAILED - ${said}`),
    });
  }
  const deleting = await (await openWire()).openChannel();
  await expect(deleting.call('queue.delete', { queue, ifUnused: true })).rejects.toMatchObject({
    scope: 'connection',
    code: 540,
    text: `NOT_IMPLEMENTED - cannot delete queue '${queue}' in vhost '/'. queue.delete operations with if-unused flag set are not supported by quorum queues`,
  });
});

test('42: a stream wants a prefetch and acks; an offset is a word, a number, a time in seconds or an interval', async ({
  wire,
  openWire,
  broker,
  named,
}) => {
  const queue = named('events');
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue, durable: true, arguments: [['x-queue-type', text('stream')]] });
  await channel.call('confirm.select');
  for (let i = 0; i < 5; i++) {
    channel.publish({ routingKey: queue }, `m${i}`);
    await channel.next('basic.ack');
  }
  const soon = BigInt(Math.floor(Date.now() / 1000) + 3600);
  const places: [place: Field | undefined, first: number][] = [
    [text('first'), 0],
    [text('last'), 4],
    [{ type: 'l', value: 3n }, 3],
    [number(2), 2],
    [{ type: 'T', value: soon - 7200n }, 0],
    [text('1h'), 0],
    [text('next'), 5],
    [undefined, 5],
    // In milliseconds it would be long past.
    [{ type: 'T', value: soon }, 5],
  ];
  const readers: WireChannel[] = [];
  for (const [index, [place]] of places.entries()) {
    const reader = await wire.openChannel(index + 2);
    readers.push(reader);
    await reader.call('basic.qos', { prefetchCount: 1 });
    await reader.call('basic.consume', { queue, arguments: place ? [['x-stream-offset', place]] : [] });
  }
  channel.publish({ routingKey: queue }, 'm5');
  await channel.next('basic.ack');
  for (const [index, reader] of readers.entries()) {
    const [place, first] = places[index] as (typeof places)[number];
    const { arguments: delivery, content } = await reader.next('basic.deliver');
    const offset = field(content.properties.headers ?? [], 'x-stream-offset');
    expect([place, String(content.body), offset]).toEqual([place, `m${first}`, { type: 'l', value: BigInt(first) }]);
    // One at a time, until it is settled.
    await reader.call('channel.flow', { active: true });
    expect(reader.unread).toBe(0);
    reader.send('basic.ack', { deliveryTag: delivery.deliveryTag });
    if (first < 5) expect(String((await reader.next('basic.deliver')).content.body)).toBe(`m${first + 1}`);
  }
  const last = await wire.openChannel(50);
  await expect(last.call('basic.consume', { queue })).rejects.toMatchObject({
    scope: 'channel',
    code: 406,
    text: expect.stringMatching(/^PRECONDITION_FAILED - consumer prefetch count is not set for .*queue/),
  });
  const other = await (await openWire()).openChannel();
  await other.call('basic.qos', { prefetchCount: 1 });
  await expect(other.call('basic.consume', { queue, noAck: true })).rejects.toMatchObject({
    scope: 'connection',
    code: 540,
    text: expect.stringContaining('automatic acknowledgement not supported by stream queue'),
  });
  // RabbitMQ 3 fails over it.
  if (broker.is3) return;
  const wrong = await wire.openChannel(51);
  await wrong.call('basic.qos', { prefetchCount: 1 });
  const nonsense: FieldTable = [['x-stream-offset', text('some day')]];
  await expect(wrong.call('basic.consume', { queue, arguments: nonsense })).rejects.toMatchObject({ code: 406 });
});

test('43: direct answers come to the channel that asked, without acks, at a name that the broker writes into reply-to', async ({
  wire,
  named,
}) => {
  const place = 'amq.rabbitmq.reply-to';
  const questions = named('questions');
  const [asker, answerer] = [await wire.openChannel(1), await wire.openChannel(2)];
  await answerer.call('queue.declare', { queue: questions });
  const acking = await wire.openChannel(3);
  await expect(acking.call('basic.consume', { queue: place, noAck: false })).rejects.toMatchObject({
    code: 406,
    text: 'PRECONDITION_FAILED - reply consumer cannot acknowledge',
  });
  await asker.call('basic.consume', { queue: place, noAck: true });
  asker.publish({ routingKey: questions }, 'question', { replyTo: place });
  const { properties } = await take(answerer, questions);
  const name = properties.replyTo as string;
  expect(name).toMatch(/^amq\.rabbitmq\.reply-to\.[\w+/=]+\.[\w+/]{22}==$/);
  answerer.publish({ routingKey: name }, 'answer');
  expect((await asker.next('basic.deliver')).content.body.toString()).toBe('answer');
  // Another name is the asker's own affair.
  asker.publish({ routingKey: questions }, 'question', { replyTo: 'mine' });
  expect((await take(answerer, questions)).properties.replyTo).toBe('mine');
  const twice = asker.call('basic.consume', { queue: place, noAck: true });
  await expect(twice).rejects.toMatchObject({ code: 406, text: 'PRECONDITION_FAILED - reply consumer already set' });
  // Of another channel it is not.
  answerer.publish({ routingKey: questions }, 'question', { replyTo: place });
  expect(await answerer.refusal()).toMatchObject({
    scope: 'channel',
    code: 406,
    text: 'PRECONDITION_FAILED - fast reply consumer does not exist',
  });
});

test('44: in a transaction acks wait for the commit, and a rollback requeues nothing; a channel confirms or is transactional, not both', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const [channel, other] = [await wire.openChannel(1), await wire.openChannel(2)];
  await channel.call('queue.declare', { queue });
  await channel.call('tx.select');
  channel.publish({ routingKey: queue }, 'a');
  expect(await ready(channel, queue)).toBe(0);
  await channel.call('tx.rollback');
  channel.publish({ routingKey: queue }, 'b');
  channel.publish({ routingKey: 'nowhere', mandatory: true }, 'returned');
  await channel.call('tx.commit');
  expect(channel.log.indexOf('basic.return')).toBeLessThan(channel.log.indexOf('tx.commit-ok'));
  expect((await channel.call('basic.get', { queue })).content?.body.toString()).toBe('b');
  channel.send('basic.ack', { deliveryTag: 1 });
  await channel.call('tx.rollback');
  expect(await ready(other, queue)).toBe(0);
  // It is unsettled as before: it can be acked, and what is not committed comes back with the end of the channel.
  channel.send('basic.ack', { deliveryTag: 1 });
  await channel.call('channel.close', { replyCode: 200 });
  expect(await ready(other, queue)).toBe(1);
  await channel.call('channel.open', {});
  await channel.call('tx.select');
  await channel.call('basic.get', { queue });
  channel.send('basic.ack', { deliveryTag: 1 });
  await channel.call('tx.commit');
  await channel.call('channel.close', { replyCode: 200 });
  expect(await ready(other, queue)).toBe(0);
  for (const [index, [first, second, said]] of (
    [
      ['confirm.select', 'tx.select', 'cannot switch from confirm to tx mode'],
      ['tx.select', 'confirm.select', 'cannot switch from tx to confirm mode'],
    ] as const
  ).entries()) {
    const both = await wire.openChannel(index + 3);
    await both.call(first);
    const text = `PRECONDITION_FAILED - ${said}`;
    await expect(both.call(second)).rejects.toMatchObject({ scope: 'channel', code: 406, text });
  }
});
