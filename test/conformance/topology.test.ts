/** Check list of the conformance reference, queues and topology: points 31–37. Each test is named by its rule. */
import type { Field, FieldTable } from '../../lib/amqp/field-table.ts';
import { describe, expect, test } from './fixtures.ts';
import type { Refused } from './refusal.ts';
import type { WireChannel } from './wire-channel.ts';

const text = (value: string): Field => ({ type: 'S', value });

async function refusal(attempt: Promise<unknown>): Promise<Pick<Refused, 'scope' | 'code' | 'text'>> {
  const {
    scope,
    code,
    text: said,
  } = await attempt.then(
    () => expect.fail('it was not refused'),
    (error: Refused) => error,
  );
  return { scope, code, text: said };
}

const refused = (code: number, said: string) => ({ scope: 'channel', code, text: said });

async function isRouted(
  channel: WireChannel,
  exchange: string,
  routingKey: string,
  headers: FieldTable = [],
): Promise<boolean> {
  channel.publish({ exchange, routingKey, mandatory: true }, 'x', { headers });
  await channel.call('channel.flow', { active: true });
  if (channel.unread === 0) return true;
  await channel.next('basic.return');
  return false;
}

describe('declaring again', () => {
  const first: FieldTable = [
    ['x-max-length', { type: 'I', value: 10 }],
    ['x-mine', text('kept and not compared')],
  ];

  test('integers of any width are equal, unknown arguments are ignored, classic goes without saying', async ({
    wire,
    named,
  }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue, arguments: first });
    for (const type of ['b', 'B', 's', 'u', 'i'] as const) {
      await channel.call('queue.declare', { queue, arguments: [['x-max-length', { type, value: 10 }]] });
    }
    await channel.call('queue.declare', { queue, arguments: [['x-max-length', { type: 'l', value: 10n }]] });
  });

  test.for<[what: string, args: FieldTable, difference: string]>([
    ['missing', [], "received none but current is the value '10' of type 'signedint'"],
    ['other', [['x-max-length', { type: 'l', value: 20n }]], "received '20' but current is '10'"],
  ])('an argument that is %s is named', async ([, args, difference], { wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue, arguments: first });
    const said = `PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue '${queue}' in vhost '/': ${difference}`;
    expect(await refusal(channel.call('queue.declare', { queue, arguments: args }))).toEqual(refused(406, said));
  });

  test('an argument that is new is named with its type', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    const said = `PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue '${queue}' in vhost '/': received the value '60000' of type 'long' but current is none`;
    const args: FieldTable = [['x-message-ttl', { type: 'l', value: 60_000n }]];
    expect(await refusal(channel.call('queue.declare', { queue, arguments: args }))).toEqual(refused(406, said));
  });

  test('who else has the queue comes first, then durable, then auto-delete', async ({ wire, openWire, named }) => {
    const queue = named('q');
    const locked = `${queue}-locked`;
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    await channel.call('queue.declare', { queue: locked, exclusive: true });
    const said = (arg: string) =>
      `PRECONDITION_FAILED - inequivalent arg '${arg}' for queue '${queue}' in vhost '/': received 'true' but current is 'false'`;
    const ask = async (id: number, args: object) =>
      refusal((await wire.openChannel(id)).call('queue.declare', { queue, ...args }));
    expect((await ask(2, { exclusive: true, durable: true })).code).toBe(405);
    expect(await ask(3, { durable: true, autoDelete: true })).toEqual(refused(406, said('durable')));
    expect(await ask(4, { autoDelete: true })).toEqual(refused(406, said('auto_delete')));
    const other = await (await openWire()).openChannel();
    expect((await refusal(other.call('queue.declare', { queue: locked, passive: true }))).code).toBe(405);
  });

  test('an exchange is compared by type, durable, auto_delete and internal; passive by nothing', async ({
    wire,
    named,
  }) => {
    const exchange = named('e');
    const channel = await wire.openChannel();
    await channel.call('exchange.declare', { exchange, type: 'direct', arguments: [['x-mine', text('1')]] });
    await channel.call('exchange.declare', { exchange, type: 'direct' });
    await channel.call('exchange.declare', { exchange, type: 'fanout', durable: true, passive: true });
    const said = `PRECONDITION_FAILED - inequivalent arg 'type' for exchange '${exchange}' in vhost '/': received 'fanout' but current is 'direct'`;
    expect(await refusal(channel.call('exchange.declare', { exchange, type: 'fanout', durable: true }))).toEqual(
      refused(406, said),
    );
  });
});

describe('names', () => {
  test('amq. is reserved; what is there may be declared alike', async ({ wire }) => {
    const channel = await wire.openChannel();
    await channel.call('exchange.declare', { exchange: 'amq.direct', type: 'direct', durable: true });
    const asked = [
      ['queue.declare', { queue: 'amq.mine' }, "queue name 'amq.mine' contains reserved prefix 'amq.*'"],
      [
        'exchange.declare',
        { exchange: 'amq.mine', type: 'direct' },
        "exchange name 'amq.mine' contains reserved prefix 'amq.*'",
      ],
      [
        'exchange.delete',
        { exchange: 'amq.direct' },
        "deletion of system exchange 'amq.direct' in vhost '/' not allowed",
      ],
      ['exchange.declare', { exchange: '', type: 'direct' }, 'operation not permitted on the default exchange'],
      ['queue.bind', { exchange: '', queue: 'none' }, 'operation not permitted on the default exchange'],
    ] as const;
    for (const [index, [method, args, reason]] of asked.entries()) {
      const other = await wire.openChannel(index + 2);
      expect(await refusal(other.call(method, args))).toEqual(refused(403, `ACCESS_REFUSED - ${reason}`));
    }
  });

  test('an empty name is the queue that was declared last on the channel', async ({ wire }) => {
    const channel = await wire.openChannel();
    const { arguments: declared } = await channel.call('queue.declare', { queue: '', exclusive: true });
    expect(declared.queue).toMatch(/^amq\.gen-[\w-]{22}$/);
    await channel.call('queue.bind', { exchange: 'amq.direct', queue: '', routingKey: '' });
    channel.publish({ exchange: 'amq.direct', routingKey: declared.queue }, 'x');
    expect((await channel.call('basic.get', { queue: '', noAck: true })).name).toBe('basic.get-ok');
    const other = await wire.openChannel(2);
    expect(await refusal(other.call('basic.get', { queue: '' }))).toEqual(
      refused(404, 'NOT_FOUND - no previously declared queue'),
    );
  });
});

describe('deleting and unbinding', () => {
  test('what is not there is deleted and unbound all the same; binding needs both ends', async ({
    wire,
    broker,
    named,
    skip,
  }) => {
    skip(broker.is3, 'RabbitMQ 3 does not unbind what is not there');
    const queue = named('q');
    const channel = await wire.openChannel();
    expect((await channel.call('queue.delete', { queue: 'none' })).arguments.messageCount).toBe(0);
    await channel.call('exchange.delete', { exchange: 'none' });
    await channel.call('queue.declare', { queue });
    await channel.call('queue.unbind', { exchange: 'amq.direct', queue, routingKey: 'never' });
    await channel.call('queue.unbind', { exchange: 'none', queue: 'none' });
    await channel.call('exchange.unbind', { source: 'none', destination: 'none' });
    expect(await refusal(channel.call('queue.bind', { exchange: 'none', queue }))).toEqual(
      refused(404, "NOT_FOUND - no exchange 'none' in vhost '/'"),
    );
    const other = await wire.openChannel(2);
    expect(await refusal(other.call('queue.bind', { exchange: 'amq.direct', queue: 'none' }))).toEqual(
      refused(404, "NOT_FOUND - no queue 'none' in vhost '/'"),
    );
  });

  test('if-unused and if-empty are kept to', async ({ wire, named }) => {
    const [queue, exchange] = [named('q'), named('e')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    await channel.call('exchange.declare', { exchange, type: 'fanout' });
    await channel.call('queue.bind', { exchange, queue });
    channel.publish({ exchange }, 'x');
    await channel.call('basic.consume', { queue, consumerTag: 'c' });
    const failed = (what: string) => refused(406, `PRECONDITION_FAILED - ${what}`);
    const where = `queue '${queue}' in vhost '/'`;
    expect(await refusal((await wire.openChannel(2)).call('queue.delete', { queue, ifUnused: true }))).toEqual(
      failed(`${where} in use`),
    );
    const used = `exchange '${exchange}' in vhost '/' in use`;
    expect(await refusal((await wire.openChannel(3)).call('exchange.delete', { exchange, ifUnused: true }))).toEqual(
      failed(used),
    );
    await channel.call('basic.cancel', { consumerTag: 'c' });
    await channel.call('basic.recover', { requeue: true });
    expect(await refusal((await wire.openChannel(4)).call('queue.delete', { queue, ifEmpty: true }))).toEqual(
      failed(`${where} not empty`),
    );
    expect((await channel.call('queue.delete', { queue })).arguments.messageCount).toBe(1);
  });

  test('an auto-delete exchange goes with the last binding from it, and not before it had one', async ({
    wire,
    named,
  }) => {
    const [queue, exchange] = [named('q'), named('e')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    await channel.call('exchange.declare', { exchange, type: 'direct', autoDelete: true });
    for (const routingKey of ['a', 'b']) await channel.call('queue.bind', { exchange, queue, routingKey });
    await channel.call('queue.unbind', { exchange, queue, routingKey: 'a' });
    await channel.call('exchange.declare', { exchange, passive: true });
    await channel.call('queue.delete', { queue });
    expect((await refusal(channel.call('exchange.declare', { exchange, passive: true }))).code).toBe(404);
  });
});

describe('matching', () => {
  test.for<[pattern: string, matching: string[], others: string[]]>([
    ['#', ['', 'a', 'a.b'], []],
    ['*', ['a'], ['', 'a.b']],
    ['a.#', ['a', 'a.b', 'a.b.c'], ['', 'b.a']],
    ['*.error', ['.error', 'a.error'], ['error', 'a.b.error']],
    ['*.*', ['a.', 'a.b'], ['a', 'a.b.c']],
    ['a.*.b', ['a..b', 'a.x.b'], ['a.b', 'a.x.y.b']],
    ['#.a.#', ['a', 'a.', 'x.a.y'], ['b']],
  ])('topic %s', async ([pattern, matching, others], { wire, named }) => {
    const [queue, exchange] = [named('q'), named('e')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    await channel.call('exchange.declare', { exchange, type: 'topic' });
    await channel.call('queue.bind', { exchange, queue, routingKey: pattern });
    for (const key of matching) expect([key, await isRouted(channel, exchange, key)]).toEqual([key, true]);
    for (const key of others) expect([key, await isRouted(channel, exchange, key)]).toEqual([key, false]);
  });

  const one: Field = { type: 'I', value: 1 };
  test.for<[binding: string, args: FieldTable, matching: FieldTable[], others: FieldTable[]]>([
    [
      'all by default',
      [
        ['a', one],
        ['b', text('x')],
      ],
      [
        [
          ['a', { type: 'l', value: 1n }],
          ['b', text('x')],
        ],
      ],
      [
        [['a', one]],
        [
          ['a', text('1')],
          ['b', text('x')],
        ],
        [],
      ],
    ],
    [
      'any',
      [
        ['x-match', text('any')],
        ['a', one],
        ['b', one],
      ],
      [[['b', one]]],
      [[['b', text('1')]], []],
    ],
    ['an integer is no double', [['a', one]], [], [[['a', { type: 'd', value: 1 }]]]],
    ['presence', [['a', { type: 'V' }]], [[['a', text('whatever')]]], [[]]],
    [
      'x- headers are left out',
      [
        ['x-kind', one],
        ['a', one],
      ],
      [[['a', one]]],
      [[['x-kind', one]]],
    ],
    [
      'all-with-x',
      [
        ['x-match', text('all-with-x')],
        ['x-kind', one],
      ],
      [[['x-kind', one]]],
      [[]],
    ],
    [
      'any-with-x',
      [
        ['x-match', text('any-with-x')],
        ['x-kind', one],
        ['a', one],
      ],
      [[['x-kind', one]]],
      [[]],
    ],
    ['any of nothing', [['x-match', text('any')]], [], [[], [['a', one]]]],
  ])('headers: %s', async ([name, args, matching, others], { wire, broker, named, skip }) => {
    skip(broker.is3 && name.includes('double'), 'they are equal to RabbitMQ 3');
    const [queue, exchange] = [named('q'), named('e')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    await channel.call('exchange.declare', { exchange, type: 'headers' });
    await channel.call('queue.bind', { exchange, queue, arguments: args });
    for (const headers of matching) expect(await isRouted(channel, exchange, '', headers)).toBe(true);
    for (const headers of others) expect(await isRouted(channel, exchange, '', headers)).toBe(false);
  });
});
