/** Check list of the conformance reference, ends of messages, answers, transactions: points 38–40, 43 and 44. */
import type { Field, FieldTable } from '../../lib/amqp/field-table.ts';
import { describe, expect, test } from './fixtures.ts';
import { eventually } from './patience.ts';
import type { WireChannel } from './wire-channel.ts';

const text = (value: string): Field => ({ type: 'S', value });
const number = (value: number): Field => ({ type: 'I', value });

async function ready(channel: WireChannel, queue: string): Promise<number> {
  return (await channel.call('queue.declare', { queue, passive: true })).arguments.messageCount;
}

async function rest(channel: WireChannel, queue: string): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const got = await channel.call('basic.get', { queue, noAck: true });
    if (got.name === 'basic.get-empty') return found;
    found.push(String(got.content?.body));
  }
}

/** The next dead letter of a queue, once it has come. */
async function letter(channel: WireChannel, queue: string) {
  await eventually(
    () => ready(channel, queue),
    (count) => count > 0,
  );
  const got = await channel.call('basic.get', { queue, noAck: true });
  if (got.name !== 'basic.get-ok' || !got.content) throw new Error('no dead letter came');
  return { ...got.arguments, properties: got.content.properties };
}

function deaths(headers: FieldTable = []): Record<string, unknown>[] {
  const field = headers.find(([name]) => name === 'x-death')?.[1];
  const entries = field?.type === 'A' ? field.value : [];
  const plain = (one: Field): unknown =>
    one.type === 'A' ? one.value.map(plain) : 'value' in one ? String(one.value) : undefined;
  return entries.map((entry) =>
    Object.fromEntries(
      (entry.type === 'F' ? entry.value : [])
        .filter(([name]) => name !== 'time')
        .map(([name, one]) => [name, plain(one)]),
    ),
  );
}

describe('time to live', () => {
  test('of a message: it goes when it comes to the head', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    channel.publish({ routingKey: queue }, 'stays');
    channel.publish({ routingKey: queue }, 'goes', { expiration: '0' });
    expect(
      await eventually(
        () => ready(channel, queue),
        (count) => count === 2,
      ),
    ).toBe(2);
    const got = await channel.call('basic.get', { queue, noAck: true });
    expect(got).toMatchObject({ content: { body: Buffer.from('stays') }, arguments: { messageCount: 0 } });
  });

  test('of 0: delivered at once or not at all', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue, arguments: [['x-message-ttl', number(0)]] });
    channel.publish({ routingKey: queue }, 'nobody');
    expect(await ready(channel, queue)).toBe(0);
    await channel.call('basic.consume', { queue, noAck: true });
    channel.publish({ routingKey: queue }, 'somebody');
    expect((await channel.next('basic.deliver')).content.body.toString()).toBe('somebody');
  });

  test('of a queue: unused for so long, it is gone without dead letters', async ({ wire, named }) => {
    const [queue, dead] = [named('q'), named('dead')];
    const channel = await wire.openChannel();
    const args: FieldTable = [
      ['x-expires', number(100)],
      ['x-dead-letter-exchange', text('')],
      ['x-dead-letter-routing-key', text(dead)],
    ];
    await channel.call('queue.declare', { queue: dead });
    await channel.call('queue.declare', { queue, arguments: args });
    channel.publish({ routingKey: queue }, 'x');
    await eventually(
      async () => {
        channel.publish({ routingKey: queue, mandatory: true }, 'x');
        await channel.call('channel.flow', { active: true });
        return channel.unread;
      },
      (returned) => returned > 0,
    );
    expect(channel.unread).toBe(1);
    expect(await ready(channel, dead)).toBe(0);
  });
});

describe('length', () => {
  test('counts what is ready, and drops the oldest', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue, arguments: [['x-max-length', number(2)]] });
    channel.publish({ routingKey: queue }, 'out');
    await channel.call('basic.get', { queue });
    for (const body of ['a', 'b', 'c']) channel.publish({ routingKey: queue }, body);
    expect(await rest(channel, queue)).toEqual(['b', 'c']);
  });

  test('with priorities the head of the highest is dropped', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    const args: FieldTable = [
      ['x-max-length', number(2)],
      ['x-max-priority', number(5)],
    ];
    await channel.call('queue.declare', { queue, arguments: args });
    for (const priority of [9, 0, 1]) channel.publish({ routingKey: queue }, `priority ${priority}`, { priority });
    expect(await rest(channel, queue)).toEqual(['priority 1', 'priority 0']);
  });

  test('in bytes counts bodies', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue, arguments: [['x-max-length-bytes', number(5)]] });
    for (const body of ['aaa', 'bb', 'c']) channel.publish({ routingKey: queue }, body);
    expect(await rest(channel, queue)).toEqual(['bb', 'c']);
  });
});

describe('dead letters', () => {
  test('tell where they died, newest first, once a queue and reason, with all their keys and without expiration', async ({
    wire,
    named,
  }) => {
    const [work, wait] = [named('work'), named('wait')];
    const channel = await wire.openChannel();
    const to = (queue: string): FieldTable => [
      ['x-dead-letter-exchange', text('')],
      ['x-dead-letter-routing-key', text(queue)],
    ];
    await channel.call('queue.declare', { queue: work, arguments: to(wait) });
    await channel.call('queue.declare', { queue: wait, arguments: [...to(work), ['x-message-ttl', number(0)]] });
    const headers: FieldTable = [['CC', { type: 'A', value: [text('copy')] }]];
    channel.publish({ routingKey: work }, 'x', { expiration: '60000', headers });
    for (let round = 1; round <= 2; round++) {
      await eventually(
        () => ready(channel, work),
        (count) => count === 1,
      );
      const got = await channel.call('basic.get', { queue: work });
      if (got.name === 'basic.get-ok') channel.send('basic.reject', { deliveryTag: got.arguments.deliveryTag });
    }
    const { properties, redelivered, exchange, routingKey } = await letter(channel, work);
    expect([properties.expiration, redelivered, exchange, routingKey]).toEqual([undefined, false, '', work]);
    expect(deaths(properties.headers)).toEqual([
      { count: '2', exchange: '', queue: wait, reason: 'expired', 'routing-keys': expect.arrayContaining([wait]) },
      {
        count: '2',
        exchange: '',
        queue: work,
        reason: 'rejected',
        'original-expiration': '60000',
        'routing-keys': [work, 'copy'],
      },
    ]);
    const first = properties.headers
      ?.filter(([name]) => name.startsWith('x-first-death'))
      .map(([name, field]) => [name, 'value' in field && String(field.value)]);
    expect(Object.fromEntries(first ?? [])).toEqual({
      'x-first-death-exchange': '',
      'x-first-death-queue': work,
      'x-first-death-reason': 'rejected',
    });
  });

  test('without a key of their own keep all they had', async ({ wire, named }) => {
    const [queue, exchange, one, two] = [named('q'), named('dlx'), named('one'), named('two')];
    const channel = await wire.openChannel();
    await channel.call('exchange.declare', { exchange, type: 'direct' });
    await channel.call('queue.declare', {
      queue,
      arguments: [
        ['x-dead-letter-exchange', text(exchange)],
        ['x-max-length', number(0)],
      ],
    });
    for (const dead of [one, two]) await channel.call('queue.declare', { queue: dead });
    await channel.call('queue.bind', { exchange, queue: one, routingKey: queue });
    await channel.call('queue.bind', { exchange, queue: two, routingKey: 'copy' });
    channel.publish({ routingKey: queue }, 'x', { headers: [['CC', { type: 'A', value: [text('copy')] }]] });
    for (const dead of [one, two])
      expect(deaths((await letter(channel, dead)).properties.headers)).toMatchObject([
        { reason: 'maxlen', 'routing-keys': [queue, 'copy'] },
      ]);
  });

  test('that come back by expiry alone are dropped', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    const args: FieldTable = [
      ['x-dead-letter-exchange', text('')],
      ['x-message-ttl', number(0)],
    ];
    await channel.call('queue.declare', { queue, arguments: args });
    channel.publish({ routingKey: queue }, 'x');
    expect(await ready(channel, queue)).toBe(0);
  });

  test('a purge makes none', async ({ wire, named }) => {
    const [queue, dead] = [named('q'), named('dead')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue: dead });
    await channel.call('queue.declare', {
      queue,
      arguments: [
        ['x-dead-letter-exchange', text('')],
        ['x-dead-letter-routing-key', text(dead)],
      ],
    });
    channel.publish({ routingKey: queue }, 'x');
    expect((await channel.call('queue.purge', { queue })).arguments.messageCount).toBe(1);
    expect(await ready(channel, dead)).toBe(0);
  });
});

describe('direct answers', () => {
  const queue = 'amq.rabbitmq.reply-to';

  test('come to the channel that asked, without acks, at a name that the broker makes', async ({ wire, named }) => {
    const questions = named('questions');
    const [asker, answerer] = [await wire.openChannel(1), await wire.openChannel(2)];
    await asker.call('queue.declare', { queue: questions });
    await asker.call('basic.consume', { queue, noAck: true });
    asker.publish({ routingKey: questions }, 'question', { replyTo: queue });
    const question = await letter(answerer, questions);
    const place = question.properties.replyTo as string;
    expect(place).toMatch(/^amq\.rabbitmq\.reply-to\../);
    expect((await answerer.call('queue.declare', { queue: place, passive: true })).arguments).toMatchObject({
      messageCount: 0,
      consumerCount: 1,
    });
    answerer.publish({ routingKey: place }, 'answer');
    expect((await asker.next('basic.deliver')).content.body.toString()).toBe('answer');
  });

  test.for([
    ['with acks', { noAck: false }, 'reply consumer cannot acknowledge'],
    ['twice', { noAck: true }, 'reply consumer already set'],
  ] as const)('cannot be consumed %s', async ([, args, reason], { wire }) => {
    const channel = await wire.openChannel();
    await channel.call('basic.consume', { queue, noAck: true });
    const other = args.noAck ? channel : await wire.openChannel(2);
    other.send('basic.consume', { queue, ...args });
    expect(await other.refusal()).toMatchObject({ code: 406, text: `PRECONDITION_FAILED - ${reason}` });
  });

  test('cannot be asked for without a consumer', async ({ wire }) => {
    const channel = await wire.openChannel();
    channel.publish({ routingKey: 'k' }, 'x', { replyTo: queue });
    expect(await channel.refusal()).toMatchObject({
      code: 406,
      text: 'PRECONDITION_FAILED - fast reply consumer does not exist',
    });
  });
});

describe('transactions', () => {
  test('publishes and acks count from the commit; a rollback puts acks back and requeues nothing', async ({
    wire,
    named,
  }) => {
    const queue = named('q');
    const [channel, other] = [await wire.openChannel(1), await wire.openChannel(2)];
    await channel.call('queue.declare', { queue });
    await channel.call('tx.select');
    channel.publish({ routingKey: queue }, 'a');
    channel.publish({ routingKey: 'nowhere', mandatory: true }, 'returned');
    expect(await ready(channel, queue)).toBe(0);
    expect(channel.unread).toBe(0);
    await channel.call('tx.commit');
    expect(channel.log.indexOf('basic.return')).toBeLessThan(channel.log.indexOf('tx.commit-ok'));
    await channel.call('basic.get', { queue });
    channel.send('basic.ack', { deliveryTag: 1 });
    await channel.call('tx.rollback');
    expect(await ready(other, queue)).toBe(0);
    channel.send('basic.ack', { deliveryTag: 1 });
    await channel.call('tx.commit');
    await channel.call('channel.close', { replyCode: 200 });
    expect(await ready(other, queue)).toBe(0);
  });

  test('what was published goes to the queues that have their names at the commit, and back when none has', async ({
    wire,
    named,
  }) => {
    const [again, gone] = [named('again'), named('gone')];
    const [channel, other] = [await wire.openChannel(1), await wire.openChannel(2)];
    for (const queue of [again, gone]) await other.call('queue.declare', { queue });
    await channel.call('tx.select');
    channel.publish({ routingKey: again, mandatory: true }, 'to the new one');
    channel.publish({ routingKey: gone, mandatory: true }, 'back');
    channel.publish({ routingKey: gone }, 'lost');
    await channel.call('channel.flow', { active: true });
    for (const queue of [again, gone]) await other.call('queue.delete', { queue });
    await other.call('queue.declare', { queue: again });
    await channel.call('tx.commit');
    const returned = await channel.next('basic.return');
    expect([returned.arguments.replyCode, `${returned.content.body}`]).toEqual([312, 'back']);
    expect(channel.unread).toBe(0);
    const got = await channel.call('basic.get', { queue: again });
    expect(got).toMatchObject({ name: 'basic.get-ok', content: { body: Buffer.from('to the new one') } });
  });

  test.for([
    ['confirm.select', 'tx.select', 'cannot switch from confirm to tx mode'],
    ['tx.select', 'confirm.select', 'cannot switch from tx to confirm mode'],
    ['channel.flow', 'tx.commit', 'channel is not transactional'],
    ['channel.flow', 'tx.rollback', 'channel is not transactional'],
  ] as const)('after %s, %s is refused', async ([first, second, reason], { wire }) => {
    const channel = await wire.openChannel();
    await (first === 'channel.flow' ? channel.call(first, { active: true }) : channel.call(first));
    await expect(channel.call(second)).rejects.toMatchObject({ code: 406, text: `PRECONDITION_FAILED - ${reason}` });
  });

  test('what is wrong with a publish is said at once', async ({ wire }) => {
    const channel = await wire.openChannel();
    await channel.call('tx.select');
    channel.publish({ routingKey: 'k' }, 'x', { headers: [['CC', text('k')]] });
    expect(await channel.refusal()).toMatchObject({ code: 406, classId: 60, methodId: 40 });
  });
});
