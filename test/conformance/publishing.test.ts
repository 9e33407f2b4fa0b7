/** Check list of the conformance reference, publishing: points 1–3 and 14–20. Each test is named by its rule. */
import type { FieldTable } from '../../lib/amqp/field-table.ts';
import { describe, expect, test } from './fixtures.ts';
import type { WireChannel } from './wire-channel.ts';

const list = (...keys: string[]): FieldTable[number][1] => ({
  type: 'A',
  value: keys.map((value) => ({ type: 'S', value })),
});

async function countOf(channel: WireChannel, queue: string): Promise<number> {
  return (await channel.call('queue.declare', { queue, passive: true })).arguments.messageCount;
}

describe('publishing', () => {
  test('what is unroutable and mandatory is returned before it is confirmed; what is not mandatory is confirmed too', async ({
    wire,
  }) => {
    const channel = await wire.openChannel();
    await channel.call('confirm.select');
    channel.publish({ routingKey: 'nowhere', mandatory: true }, 'a', { messageId: 'm' });
    channel.publish({ routingKey: 'nowhere' }, 'b');
    expect(await channel.next('basic.return')).toMatchObject({
      arguments: { replyCode: 312, replyText: 'NO_ROUTE', exchange: '', routingKey: 'nowhere' },
      content: { body: Buffer.from('a'), properties: { messageId: 'm' } },
    });
    const acks = [await channel.next('basic.ack')];
    if (!(acks[0]?.arguments.deliveryTag === 2)) acks.push(await channel.next('basic.ack'));
    expect(acks.at(-1)?.arguments.deliveryTag).toBe(2);
  });

  test('a publish is nacked when one of its queues refuses it, and acked when its queue was deleted', async ({
    wire,
    named,
  }) => {
    const [full, open] = [named('full'), named('open')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', {
      queue: full,
      arguments: [
        ['x-max-length', { type: 'I', value: 1 }],
        ['x-overflow', { type: 'S', value: 'reject-publish' }],
      ],
    });
    await channel.call('queue.declare', { queue: open });
    await channel.call('confirm.select');
    channel.publish({ routingKey: full }, '1');
    expect((await channel.next('basic.ack')).arguments.deliveryTag).toBe(1);
    channel.publish({ routingKey: open }, '2', { headers: [['CC', list(full)]] });
    expect((await channel.next('basic.nack')).arguments.deliveryTag).toBe(2);
    expect(await countOf(channel, open)).toBe(1);
    await channel.call('queue.delete', { queue: open });
    channel.publish({ routingKey: open }, '3');
    expect((await channel.next('basic.ack')).arguments.deliveryTag).toBe(3);
  });

  test('a missing exchange closes the channel later, with the ids of basic.publish; what comes meanwhile is swallowed', async ({
    wire,
    named,
  }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    channel.publish({ routingKey: queue }, 'before');
    channel.publish({ exchange: 'missing' }, 'lost');
    channel.publish({ routingKey: queue }, 'after');
    expect(await channel.refusal()).toMatchObject({
      scope: 'channel',
      code: 404,
      text: "NOT_FOUND - no exchange 'missing' in vhost '/'",
      classId: 60,
      methodId: 40,
    });
    expect(await countOf(await wire.openChannel(2), queue)).toBe(1);
  });

  test('a queue gets one copy, whatever the number of ways to it', async ({ wire, named }) => {
    const [queue, first, second] = [named('q'), named('first'), named('second')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    for (const exchange of [first, second]) await channel.call('exchange.declare', { exchange, type: 'topic' });
    for (const routingKey of ['#', 'a.*', 'a.b']) {
      for (const exchange of [first, second]) await channel.call('queue.bind', { exchange, queue, routingKey });
    }
    await channel.call('exchange.bind', { source: first, destination: second, routingKey: '#' });
    await channel.call('exchange.bind', { source: second, destination: first, routingKey: '#' });
    await channel.call('confirm.select');
    channel.publish({ exchange: first, routingKey: 'a.b' }, 'x', { headers: [['CC', list('a.c', 'a.b')]] });
    await channel.next('basic.ack');
    expect(await countOf(channel, queue)).toBe(1);
  });

  test('CC and BCC add routing keys; nobody sees BCC, not even who gets the message returned', async ({
    wire,
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
      expect(got).toMatchObject({ content: { properties: { headers: [['CC', expect.anything()]] } } });
    }
    channel.publish({ routingKey: 'nowhere', mandatory: true }, 'x', { headers: [['BCC', list('nobody')]] });
    expect((await channel.next('basic.return')).content.properties.headers).toEqual([]);
  });

  test.for<[name: string, headers: FieldTable, reason: string]>([
    ['a string as CC', [['CC', { type: 'S', value: 'k' }]], '{unacceptable_type_in_header,"CC",longstr}'],
    [
      'a number in BCC',
      [['BCC', { type: 'A', value: [{ type: 'I', value: 1 }] }]],
      '{unacceptable_type_in_header,"BCC",signedint}',
    ],
  ])('%s is refused', async ([, headers, reason], { wire, broker, skip }) => {
    skip(broker.is3 && reason.includes('BCC'), 'RabbitMQ 3 has another word for it');
    const channel = await wire.openChannel();
    channel.publish({ routingKey: 'k' }, 'x', { headers });
    expect(await channel.refusal()).toMatchObject({
      code: 406,
      text: `PRECONDITION_FAILED - invalid message: ${reason}`,
    });
  });

  test('immediate is not implemented, and ends the connection', async ({ wire }) => {
    const channel = await wire.openChannel();
    channel.publish({ routingKey: 'k', immediate: true }, 'x');
    expect(await channel.refusal()).toMatchObject({
      scope: 'connection',
      code: 540,
      text: 'NOT_IMPLEMENTED - immediate=true',
    });
  });

  test('what an alternate exchange routes is routed, mandatory or not', async ({ wire, named }) => {
    const [queue, main, other] = [named('q'), named('main'), named('other')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    await channel.call('exchange.declare', { exchange: other, type: 'fanout' });
    await channel.call('queue.bind', { exchange: other, queue });
    const args: FieldTable = [['alternate-exchange', { type: 'S', value: other }]];
    await channel.call('exchange.declare', { exchange: main, type: 'direct', arguments: args });
    await channel.call('confirm.select');
    channel.publish({ exchange: main, routingKey: 'k', mandatory: true }, 'x');
    // A return would come before it.
    await channel.next('basic.ack');
    expect(await countOf(channel, queue)).toBe(1);
    expect(channel.unread).toBe(0);
  });

  test.for([
    ['abc', 'no_integer'],
    ['10s', '{leftover_string,"s"}'],
    ['-1', '{value_negative,-1}'],
  ] as const)('expiration %s is refused', async ([expiration, reason], { wire }) => {
    const channel = await wire.openChannel();
    channel.publish({ routingKey: 'k' }, 'x', { expiration });
    const { text } = await channel.refusal();
    expect(text).toContain(`PRECONDITION_FAILED - invalid expiration '${expiration}': `);
    if (!reason.includes('leftover')) expect(text).toContain(reason);
  });

  test('a user id must be that of the login', async ({ wire }) => {
    const channel = await wire.openChannel();
    channel.publish({ routingKey: 'k' }, 'x', { userId: 'guest' });
    channel.publish({ routingKey: 'k' }, 'x', { userId: 'somebody' });
    expect(await channel.refusal()).toMatchObject({
      code: 406,
      text: "PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was 'guest'",
    });
  });

  test('nobody publishes to an internal exchange', async ({ wire, named }) => {
    const exchange = named('inside');
    const channel = await wire.openChannel();
    await channel.call('exchange.declare', { exchange, type: 'fanout', internal: true });
    channel.publish({ exchange }, 'x');
    expect(await channel.refusal()).toMatchObject({
      code: 403,
      text: `ACCESS_REFUSED - cannot publish to internal exchange '${exchange}' in vhost '/'`,
    });
  });
});
