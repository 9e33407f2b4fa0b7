/** Where brokers go wrong, queues, exchanges and bindings: a test a rule, by its number in the list. */
import type { Field, FieldTable } from '../../../lib/amqp/field-table.ts';
import { askApi } from '../api-client.ts';
import { number, text } from '../field.ts';
import { expect, test } from '../fixtures.ts';
import type { Refused } from '../refusal.ts';
import type { WireChannel } from '../wire-channel.ts';

async function refusal(attempt: Promise<unknown>): Promise<Pick<Refused, 'scope' | 'code' | 'text'>> {
  const refused = (error: Refused) => ({ scope: error.scope, code: error.code, text: error.text });
  return attempt.then(() => expect.fail('it was not refused'), refused);
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

test('31: integers of any width are equal and unknown arguments ignored; who else has the queue comes first; a difference is told in one of three ways', async ({
  wire,
  openWire,
  named,
}) => {
  const [queue, plain] = [named('q'), named('plain')];
  // It goes with its connection.
  const locked = `${queue}-locked`;
  const first = await wire.openChannel();
  const declared: FieldTable = [
    ['x-max-length', number(10)],
    ['x-mine', text('kept and not compared')],
  ];
  await first.call('queue.declare', { queue, arguments: declared });
  await first.call('queue.declare', { queue: plain });
  await first.call('queue.declare', { queue: locked, exclusive: true });
  for (const type of ['b', 'B', 's', 'u', 'I', 'i'] as const) {
    await first.call('queue.declare', { queue, arguments: [['x-max-length', { type, value: 10 }]] });
  }
  await first.call('queue.declare', { queue, arguments: [['x-max-length', { type: 'l', value: 10n }]] });
  let id = 1;
  const again = async (asked: object): Promise<Pick<Refused, 'code' | 'text'>> =>
    refusal((await wire.openChannel(++id)).call('queue.declare', { queue, arguments: declared, ...asked }));
  const differs = (of: string, arg: string, how: string) =>
    refused(406, `PRECONDITION_FAILED - inequivalent arg '${arg}' for queue '${of}' in vhost '/': ${how}`);
  expect(await again({ arguments: [] })).toEqual(
    differs(queue, 'x-max-length', "received none but current is the value '10' of type 'signedint'"),
  );
  expect(await again({ queue: plain, arguments: [['x-max-length', { type: 'l', value: 10n }]] })).toEqual(
    differs(plain, 'x-max-length', "received the value '10' of type 'long' but current is none"),
  );
  expect(await again({ arguments: [['x-max-length', { type: 'l', value: 20n }]] })).toEqual(
    differs(queue, 'x-max-length', "received '20' but current is '10'"),
  );
  const off = "received 'true' but current is 'false'";
  expect(await again({ durable: true, autoDelete: true, arguments: [] })).toEqual(differs(queue, 'durable', off));
  expect(await again({ autoDelete: true, arguments: [] })).toEqual(differs(queue, 'auto_delete', off));
  expect(await again({ exclusive: true, durable: true, arguments: [] })).toMatchObject({ code: 405 });
  const other = await (await openWire()).openChannel();
  expect(await refusal(other.call('queue.declare', { queue: locked, durable: true }))).toEqual(
    refused(
      405,
      `RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '${locked}' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.`,
    ),
  );
});

test('32: every queue shows an x-queue-type, and to leave it out is to say classic', async ({
  wire,
  broker,
  named,
}) => {
  const [plain, explicit] = [named('plain'), named('explicit')];
  const channel = await wire.openChannel();
  const classic: FieldTable = [['x-queue-type', text('classic')]];
  await channel.call('queue.declare', { queue: plain });
  await channel.call('queue.declare', { queue: explicit, arguments: classic });
  await channel.call('queue.declare', { queue: plain, arguments: classic });
  await channel.call('queue.declare', { queue: explicit });
  const other: FieldTable = [['x-queue-type', text('quorum')]];
  const differing = await refusal(channel.call('queue.declare', { queue: plain, durable: true, arguments: other }));
  expect(differing.code).toBe(406);
  if (broker.pid === undefined) return;
  for (const queue of [plain, explicit]) {
    const { body } = await askApi(broker, 'GET', `/queues/%2F/${queue}`);
    expect([body.type, body.arguments]).toEqual(['classic', { 'x-queue-type': 'classic' }]);
  }
});

test('33: what is not there is unbound and deleted all the same, and cannot be bound', async ({
  wire,
  broker,
  named,
}) => {
  const queue = named('q');
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue });
  for (let i = 0; i < 2; i++) {
    await channel.call('queue.bind', { exchange: 'amq.direct', queue, routingKey: 'k' });
  }
  await channel.call('queue.unbind', { exchange: 'amq.direct', queue, routingKey: 'k' });
  expect((await channel.call('queue.delete', { queue: 'none' })).arguments.messageCount).toBe(0);
  await channel.call('exchange.delete', { exchange: 'none' });
  // RabbitMQ 3 does not unbind what is not there.
  if (!broker.is3) {
    await channel.call('queue.unbind', { exchange: 'amq.direct', queue, routingKey: 'k' });
    await channel.call('queue.unbind', { exchange: 'none', queue });
    await channel.call('queue.unbind', { exchange: 'amq.direct', queue: 'none' });
    await channel.call('exchange.unbind', { source: 'none', destination: 'none' });
  }
  const bind = async (id: number, asked: object) => refusal((await wire.openChannel(id)).call('queue.bind', asked));
  const noExchange = refused(404, "NOT_FOUND - no exchange 'none' in vhost '/'");
  expect(await bind(2, { exchange: 'none', queue })).toEqual(noExchange);
  expect(await bind(3, { exchange: 'amq.direct', queue: 'none' })).toEqual(
    refused(404, "NOT_FOUND - no queue 'none' in vhost '/'"),
  );
  const ends = await wire.openChannel(4);
  expect(await refusal(ends.call('exchange.bind', { source: 'amq.direct', destination: 'none' }))).toEqual(noExchange);
});

test('34: nobody makes what begins with amq.; what is there may be declared alike, or passively', async ({
  wire,
  broker,
}) => {
  const channel = await wire.openChannel();
  await channel.call('exchange.declare', { exchange: 'amq.direct', type: 'direct', durable: true });
  await channel.call('exchange.declare', { exchange: 'amq.fanout', type: 'direct', passive: true });
  const { arguments: made } = await channel.call('queue.declare', { queue: '', exclusive: true });
  await channel.call('queue.declare', { queue: made.queue, passive: true });
  // RabbitMQ itself lets exchanges only be declared again.
  if (broker.pid !== undefined) await channel.call('queue.declare', { queue: made.queue, exclusive: true });
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
  ] as const;
  for (const [index, [method, args, reason]] of asked.entries()) {
    const other = await wire.openChannel(index + 2);
    expect(await refusal(other.call(method, args))).toEqual(refused(403, `ACCESS_REFUSED - ${reason}`));
  }
  const passive = await wire.openChannel(9);
  expect(await refusal(passive.call('queue.declare', { queue: 'amq.none', passive: true }))).toMatchObject({
    code: 404,
  });
});

test('35: an empty name is the queue that was declared last on this channel, one the broker named as well', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue });
  const { arguments: made } = await channel.call('queue.declare', { queue: '', exclusive: true });
  expect(made.queue).toMatch(/^amq\.gen-[\w-]{22}$/);
  // An empty key beside it is the queue's name.
  await channel.call('queue.bind', { exchange: 'amq.direct', queue: '', routingKey: '' });
  channel.publish({ exchange: 'amq.direct', routingKey: made.queue }, 'x');
  expect((await channel.call('basic.get', { queue: '', noAck: true })).name).toBe('basic.get-ok');
  await channel.call('queue.unbind', { exchange: 'amq.direct', queue: '', routingKey: '' });
  expect(await isRouted(channel, 'amq.direct', made.queue)).toBe(false);
  channel.publish({ routingKey: made.queue }, 'x');
  expect((await channel.call('queue.purge', { queue: '' })).arguments.messageCount).toBe(1);
  // A passive declare counts too.
  await channel.call('queue.declare', { queue, passive: true });
  channel.publish({ routingKey: queue }, 'x');
  const { arguments: consuming } = await channel.call('basic.consume', { queue: '', noAck: true });
  expect((await channel.next('basic.deliver')).arguments).toMatchObject({
    ...{ consumerTag: consuming.consumerTag, routingKey: queue },
  });
  await channel.call('queue.delete', { queue: '' });
  const other = await wire.openChannel(2);
  expect(await refusal(other.call('basic.get', { queue: '' }))).toEqual(
    refused(404, 'NOT_FOUND - no previously declared queue'),
  );
});

test('36: an auto-delete exchange goes with the last binding from it, an auto-delete queue with its last consumer', async ({
  wire,
  named,
}) => {
  const [queue, source, middle] = [named('q'), named('source'), named('middle')];
  const channel = await wire.openChannel();
  const exists = async (exchange: string, id: number): Promise<boolean> =>
    (await wire.openChannel(id)).call('exchange.declare', { exchange, passive: true }).then(
      () => true,
      () => false,
    );
  await channel.call('queue.declare', { queue, autoDelete: true });
  for (const exchange of [source, middle]) {
    await channel.call('exchange.declare', { exchange, type: 'direct', autoDelete: true });
  }
  // A binding to it says nothing.
  await channel.call('exchange.bind', { source, destination: middle, routingKey: 'a' });
  await channel.call('exchange.unbind', { source, destination: middle, routingKey: 'a' });
  expect([await exists(source, 2), await exists(middle, 3)]).toEqual([false, true]);
  for (const routingKey of ['a', 'b']) await channel.call('queue.bind', { exchange: middle, queue, routingKey });
  await channel.call('queue.unbind', { exchange: middle, queue, routingKey: 'a' });
  expect(await exists(middle, 4)).toBe(true);
  // The queue has lost its last binding and its gets are over: neither ends it.
  await channel.call('basic.get', { queue });
  await channel.call('queue.declare', { queue, passive: true });
  await channel.call('basic.consume', { queue, consumerTag: 'c' });
  await channel.call('basic.cancel', { consumerTag: 'c' });
  const gone = (await wire.openChannel(5)).call('queue.declare', { queue, passive: true });
  expect((await refusal(gone)).code).toBe(404);
  // And with the queue the last binding.
  expect(await exists(middle, 6)).toBe(false);
});

const one: Field = { type: 'I', value: 1 };
const HEADERS: [args: FieldTable, matching: FieldTable[], others: FieldTable[]][] = [
  [
    [
      ['a', one],
      ['x-kind', one],
    ],
    [[['a', { type: 'l', value: 1n }]], [['a', { type: 'B', value: 1 }]]],
    [[], [['a', text('1')]], [['x-kind', one]]],
  ],
  [
    [
      ['x-match', text('any')],
      ['a', one],
      ['b', one],
      ['x-kind', one],
    ],
    [[['b', one]]],
    [[['x-kind', one]], [['b', text('1')]], []],
  ],
  [
    [
      ['x-match', text('all-with-x')],
      ['x-kind', one],
    ],
    [[['x-kind', one]]],
    [[]],
  ],
  [
    [
      ['x-match', text('any-with-x')],
      ['x-kind', one],
      ['a', one],
    ],
    [[['x-kind', one]], [['a', one]]],
    [[]],
  ],
  [[['a', { type: 'V' }]], [[['a', text('whatever')]], [['a', { type: 'V' }]]], [[]]],
  [[], [[], [['a', one]]], []],
  [[['x-match', text('any')]], [], [[], [['a', one]]]],
];
const TOPICS: [pattern: string, matching: string[], others: string[]][] = [
  ['#', ['', 'a', 'a.b', '.'], []],
  ['*', ['a'], ['', 'a.b']],
  ['a.#', ['a', 'a.b', 'a.b.c', 'a.'], ['', 'b.a']],
  ['*.error', ['.error', 'a.error'], ['error', 'a.b.error']],
  ['*.*', ['a.', 'a.b', '.'], ['a', 'a.b.c']],
  ['a.*.b', ['a..b', 'a.x.b'], ['a.b', 'a.x.y.b']],
  ['a.#.b', ['a.b', 'a..b', 'a.x.y.b'], ['a']],
  ['', [''], ['a', '.']],
];

test('37: headers match without x-, by presence of a void, by type; in topics # is no word as well, and words may be empty', async ({
  wire,
  broker,
  named,
}) => {
  const [queue, exchange] = [named('q'), named('e')];
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue });
  await channel.call('exchange.declare', { exchange, type: 'headers' });
  // They are equal to RabbitMQ 3.
  const strict: typeof HEADERS = broker.is3 ? [] : [[[['a', one]], [], [[['a', { type: 'd', value: 1 }]]]]];
  for (const [args, matching, others] of [...HEADERS, ...strict]) {
    await channel.call('queue.bind', { exchange, queue, arguments: args });
    for (const headers of matching)
      expect([args, headers, await isRouted(channel, exchange, '', headers)]).toEqual([args, headers, true]);
    for (const headers of others)
      expect([args, headers, await isRouted(channel, exchange, '', headers)]).toEqual([args, headers, false]);
    await channel.call('queue.unbind', { exchange, queue, arguments: args });
  }
  const topic = named('topic');
  await channel.call('exchange.declare', { exchange: topic, type: 'topic' });
  // An empty key beside an empty name would be the name.
  for (const [routingKey, matching, others] of TOPICS) {
    await channel.call('queue.bind', { exchange: topic, queue, routingKey });
    for (const key of matching)
      expect([routingKey, key, await isRouted(channel, topic, key)]).toEqual([routingKey, key, true]);
    for (const key of others)
      expect([routingKey, key, await isRouted(channel, topic, key)]).toEqual([routingKey, key, false]);
    await channel.call('queue.unbind', { exchange: topic, queue, routingKey });
  }
});

test('a headers binding whose x-match is no string says what it is', async ({ wire, named }) => {
  const queue = named('q');
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue });
  const bound = channel.call('queue.bind', { exchange: 'amq.headers', queue, arguments: [['x-match', number(5)]] });
  const said = 'PRECONDITION_FAILED - Invalid x-match field type signedint (value 5); expected longstr';
  expect(await refusal(bound)).toEqual(refused(406, said));
});

test('a place for leaders that RabbitMQ does not know is refused', async ({ wire, named }) => {
  let id = 0;
  for (const type of ['quorum', 'stream']) {
    const args: FieldTable = [
      ['x-queue-type', text(type)],
      ['x-queue-leader-locator', text('here')],
    ];
    const queue = named(type);
    const channel = await wire.openChannel(++id);
    const how = `invalid arg 'x-queue-leader-locator' for queue '${queue}' in vhost '/': invalid_queue_locator_arg`;
    expect(await refusal(channel.call('queue.declare', { queue, durable: true, arguments: args }))).toEqual(
      refused(406, `PRECONDITION_FAILED - ${how}`),
    );
  }
});
