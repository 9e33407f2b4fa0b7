/** Where brokers go wrong, framing and connection: a test a rule, by its number in the list. */
import type { FieldTable } from '../../../lib/amqp/field-table.ts';
import { FRAME_BODY, FRAME_HEADER, FRAME_HEARTBEAT, FRAME_METHOD } from '../../../lib/amqp/frame.ts';
import { encodeMethod } from '../../../lib/amqp/method.ts';
import { encodeContentHeader } from '../../../lib/amqp/properties.ts';
import { startBroker } from '../broker.ts';
import { CrowdedDisk } from '../crowded-disk.ts';
import { text } from '../field.ts';
import { test as conformanceTest, expect } from '../fixtures.ts';
import { eventually, within } from '../patience.ts';
import { Refused } from '../refusal.ts';
import type { WireChannel } from '../wire-channel.ts';
import { WireConnection } from '../wire-connection.ts';

const test = conformanceTest
  // Short, so that who says 0 can be told from who was not heard.
  .override('settings', { WARREN_HEARTBEAT: '1' })
  /** A broker of Warren's whose disk can be filled. */
  // biome-ignore lint/correctness/noEmptyPattern: vitest finds out what a fixture needs from the pattern.
  .extend('crowded', async ({}, { onCleanup }) => {
    const disk = new CrowdedDisk();
    const broker = await startBroker(disk.settings);
    onCleanup(async () => {
      await broker.stop();
      disk.remove();
    });
    return { disk, broker };
  });

const isForeign = process.env.WARREN_CONFORMANCE_URL !== undefined;

const elapse = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('1: a message of 0 bytes is complete at its header, and is delivered without a body frame', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue });
  await channel.call('confirm.select');
  const publishHeader = (): void => {
    wire.sendMethod(1, 'basic.publish', { routingKey: queue });
    wire.sendFrame(FRAME_HEADER, 1, encodeContentHeader(0, {}));
  };
  publishHeader();
  // The confirm says that nothing more was waited for.
  await channel.next('basic.ack');
  await channel.call('basic.consume', { queue, noAck: true });
  expect((await channel.next('basic.deliver')).content).toMatchObject({ body: Buffer.alloc(0), frames: [] });
  publishHeader();
  publishHeader();
  const frames: unknown[] = [];
  let confirmed = 1;
  // One ack may be for both.
  while (frames.length < 2 || confirmed < 3) {
    const came = await eventually(
      () => channel.takeUnasked(),
      (all) => all.length > 0,
    );
    if (came.length === 0) expect.fail(`${frames.length} more came, confirmed up to ${confirmed}`);
    for (const each of came) {
      if (each.name === 'basic.deliver') frames.push(each.content?.frames);
      else if (each.name === 'basic.ack') confirmed = each.arguments.deliveryTag;
    }
  }
  expect(frames).toEqual([[], []]);
});

test('2: bodies come in frames of frame_max − 8; contents of channels interleave, and on its channel nothing comes between', async ({
  openWire,
  named,
}) => {
  const queue = named('q');
  const wire = await openWire({ tune: { frameMax: 8192 } });
  const [one, two] = [await wire.openChannel(1), await wire.openChannel(2)];
  await one.call('queue.declare', { queue });
  const body = Buffer.alloc(8184 * 2 + 1, 'x');
  one.publish({ routingKey: queue }, body);
  const got = await one.call('basic.get', { queue, noAck: true });
  expect(got).toMatchObject({ content: { body, frames: [8184, 8184, 1] } });
  const begin = (id: number): void => {
    wire.sendMethod(id, 'basic.publish', { routingKey: queue });
    wire.sendFrame(FRAME_HEADER, id, encodeContentHeader(4, {}));
    wire.sendFrame(FRAME_BODY, id, Buffer.from(`${id}:`));
  };
  begin(1);
  begin(2);
  // Between anything, but on channel 0.
  wire.sendFrame(FRAME_HEARTBEAT, 0, new Uint8Array());
  for (const id of [2, 1]) wire.sendFrame(FRAME_BODY, id, Buffer.from('ok'));
  await two.call('basic.qos', {});
  const bodies = [await one.call('basic.get', { queue }), await one.call('basic.get', { queue })];
  expect(bodies.map((each) => String(each.content?.body)).toSorted()).toEqual(['1:ok', '2:ok']);
  const intruders: [type: number, payload: Uint8Array][] = [
    [FRAME_METHOD, encodeMethod('basic.ack', { deliveryTag: 1 })],
    [FRAME_HEARTBEAT, new Uint8Array()],
  ];
  for (const [type, payload] of intruders) {
    const other = await openWire();
    const channel = await other.openChannel(1);
    other.sendMethod(1, 'basic.publish', { routingKey: queue });
    other.sendFrame(FRAME_HEADER, 1, encodeContentHeader(4, {}));
    other.sendFrame(type, 1, payload);
    expect(await channel.refusal()).toMatchObject({ scope: 'connection', code: 505 });
  }
});

test('3: a delivery is written in one piece on its channel, however slowly the socket drains', async ({
  openWire,
  named,
}) => {
  const wire = await openWire({ tune: { frameMax: 8192 } });
  const filler = await (await openWire()).openChannel();
  const queues = [named('one'), named('two')];
  const channels = [await wire.openChannel(1), await wire.openChannel(2)];
  const body = (i: number) => Buffer.alloc(100_000 + i, i);
  for (const [i, queue] of queues.entries()) {
    await filler.call('queue.declare', { queue });
    await channels[i]?.call('basic.consume', { queue, consumerTag: 'c', noAck: i === 0 });
  }
  wire.socket.pause();
  for (let i = 0; i < 60; i++) for (const routingKey of queues) filler.publish({ routingKey }, body(i));
  // A little is read, then nothing for a while: what is sent stops in the middle of contents.
  const reading = setInterval(() => (wire.socket.isPaused() ? wire.socket.resume() : wire.socket.pause()), 5);
  // A header or a body in another's place makes the wire fail.
  for (let i = 0; i < 60; i++) {
    for (const channel of channels) {
      const { content } = await channel.next('basic.deliver');
      expect(content.body.equals(body(i))).toBe(true);
      expect(Math.max(...content.frames)).toBe(8184);
    }
  }
  clearInterval(reading);
  wire.socket.resume();
});

/** Bytes of a value in a table, written by hand, and what they mean. */
const VALUES: [name: string, bytes: string, value: FieldTable[number][1]][] = [
  ['a int16', '73 8000', { type: 's', value: -32_768 }],
  ['b uint16', '75 ffff', { type: 'u', value: 65_535 }],
  ['c int32', '49 80000000', { type: 'I', value: -2_147_483_648 }],
  ['d uint32', '69 ffffffff', { type: 'i', value: 4_294_967_295 }],
  ['e largest int64', '6c 7fffffffffffffff', { type: 'l', value: 9_223_372_036_854_775_807n }],
  ['f int64 that looks unsigned', '6c ffffffffffffffff', { type: 'l', value: -1n }],
  ['g int64 above 2^53', '6c 0020000000000001', { type: 'l', value: 9_007_199_254_740_993n }],
  [
    // 8 bytes, though 3 values.
    'h array',
    '41 00000008 49 00000007 74 01 56',
    { type: 'A', value: [{ type: 'I', value: 7 }, { type: 't', value: true }, { type: 'V' }] },
  ],
  ['i bytes', '78 00000002 00ff', { type: 'x', value: Uint8Array.from([0, 255]) }],
  ['j string', '53 00000002 c3bc', text('ü')],
  ['k time', '54 000000006553f100', { type: 'T', value: 1_700_000_000n }],
  ['l decimal', '44 02 0000013a', { type: 'D', scale: 2, unscaled: 314 }],
  ['m void', '56', { type: 'V' }],
  [
    'n nested',
    '46 0000000f 01 61 41 00000008 46 00000003 01 62 56',
    { type: 'F', value: [['a', { type: 'A', value: [{ type: 'F', value: [['b', { type: 'V' }]] }] }]] },
  ],
  ['o byte', '62 80', { type: 'b', value: -128 }],
  ['p octet', '42 ff', { type: 'B', value: 255 }],
  ['q double', '64 3fe0000000000000', { type: 'd', value: 0.5 }],
];

const HEADERS_FLAG = 0x2000;

/** A content header whose only property is this table. */
function headerOf(table: Buffer): Buffer {
  const head = Buffer.alloc(18);
  head.writeUInt16BE(60, 0);
  head.writeUInt16BE(HEADERS_FLAG, 12);
  head.writeUInt32BE(table.length, 14);
  return Buffer.concat([head, table]);
}

const entry = (name: string, value: Buffer): Buffer =>
  Buffer.concat([Buffer.of(name.length), Buffer.from(name), value]);

test('4: values in tables are read as RabbitMQ writes them and come back exactly, also when the table is written anew', async ({
  wire,
  named,
}) => {
  const queue = named('q');
  const channel = await wire.openChannel();
  await channel.call('queue.declare', { queue });
  const table = Buffer.concat(
    VALUES.map(([name, bytes]) => entry(name, Buffer.from(bytes.replaceAll(' ', ''), 'hex'))),
  );
  // The broker takes BCC out, and must write the rest again.
  const blind = entry('BCC', Buffer.from('41000000085300000003616263', 'hex'));
  for (const sent of [table, Buffer.concat([blind, table])]) {
    wire.sendMethod(1, 'basic.publish', { routingKey: queue });
    wire.sendFrame(FRAME_HEADER, 1, headerOf(sent));
    const got = await channel.call('basic.get', { queue, noAck: true });
    expect(got.content?.properties.headers).toEqual(VALUES.map(([name, , value]) => [name, value]));
  }
  const malformed = Buffer.concat([entry('U', Buffer.from('550001', 'hex'))]);
  wire.sendMethod(1, 'basic.publish', { routingKey: queue });
  wire.sendFrame(FRAME_HEADER, 1, headerOf(malformed));
  channel.send('basic.get', { queue, noAck: true });
  // RabbitMQ 3 drops the connection without a word.
  await within(Promise.race([wire.ended, channel.refusal().catch(() => {})]), 'the end');
});

test('5: a close says its name first, and names the method that failed; 530, 540 and 541 end the connection, 404 and 406 the channel', async ({
  openWire,
}) => {
  const asked: [act: (channel: WireChannel) => void, expected: { scope: Refused['scope']; [what: string]: unknown }][] =
    [
      [
        (channel) => channel.send('queue.purge', { queue: 'none' }),
        { scope: 'channel', code: 404, text: "NOT_FOUND - no queue 'none' in vhost '/'", classId: 50, methodId: 30 },
      ],
      [
        (channel) => channel.send('basic.ack', { deliveryTag: 82 }),
        {
          scope: 'channel',
          code: 406,
          text: 'PRECONDITION_FAILED - unknown delivery tag 82',
          classId: 60,
          methodId: 80,
        },
      ],
      [
        (channel) => channel.send('exchange.delete', { exchange: 'amq.topic' }),
        { scope: 'channel', code: 403, classId: 40, methodId: 20 },
      ],
      [
        (channel) => {
          channel.send('queue.declare', { queue: '', exclusive: true });
          for (let i = 0; i < 2; i++) channel.send('basic.consume', { queue: '', consumerTag: 'twice' });
        },
        {
          scope: 'connection',
          code: 530,
          text: "NOT_ALLOWED - attempt to reuse consumer tag 'twice'",
          classId: 60,
          methodId: 20,
        },
      ],
      [
        (channel) => channel.send('basic.qos', { prefetchSize: 1 }),
        {
          scope: 'connection',
          code: 540,
          text: 'NOT_IMPLEMENTED - prefetch_size!=0 (1)',
          classId: 60,
          methodId: 10,
        },
      ],
      [
        (channel) => channel.send('basic.get', { queue: 'q'.repeat(255) }),
        { scope: 'channel', code: 404, text: expect.stringMatching(/^NOT_FOUND - no queue 'q{200,233}/) },
      ],
    ];
  for (const [act, expected] of asked) {
    const wire = await openWire();
    const channel = await wire.openChannel();
    act(channel);
    const refusal = await channel.refusal();
    expect(refusal).toMatchObject(expected);
    const other = wire.openChannel(2);
    if (expected.scope === 'channel') await other;
    else await expect(other).rejects.toThrow();
  }
  const wire = await openWire();
  // A method of the connection that ends too soon.
  wire.sendFrame(FRAME_METHOD, 0, Uint8Array.from([0, 10, 0, 70, 0, 0]));
  expect(await wire.zero.refusal()).toMatchObject({ scope: 'connection', code: 541, classId: 0, methodId: 0 });
});

test('6: who is refused hears it when it said that it can, and else the socket is closed without a word, later', async ({
  dial,
}) => {
  const response = Buffer.from('\0guest\0wrong');
  const hears = dial();
  await hears.start({ response });
  expect(await hears.zero.refusal()).toMatchObject({
    scope: 'connection',
    code: 403,
    text: 'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.',
    classId: 0,
    methodId: 0,
  });
  const deaf = dial();
  await deaf.start({ response, capabilities: [] });
  const begunMs = performance.now();
  await within(deaf.ended, 'the end of the socket');
  expect(performance.now() - begunMs).toBeGreaterThan(250);
  expect(deaf.zero.log).toEqual(['connection.start']);
});

test('7: a vhost that is not there is refused with 530, its name without quotes', async ({ openWire }) => {
  await expect(openWire({ vhost: 'no such' })).rejects.toMatchObject({
    scope: 'connection',
    code: 530,
    text: 'NOT_ALLOWED - vhost no such not found',
    classId: 10,
    methodId: 40,
  });
});

test('8: in tune-ok 0 is more than the maximum; heartbeat 0 means none; frame_max has a minimum', async ({
  dial,
  openWire,
  broker,
}) => {
  const silent = await openWire({ tune: { heartbeat: 0 } });
  for (const [change, said] of [
    [{ frameMax: 0 }, 'frame_max = 0 (no limit) is higher than the maximum allowed value (131072)'],
    [{ channelMax: 0 }, 'channel_max = 0 (no limit) is higher than the maximum allowed value (2047)'],
    [{ frameMax: 4095 }, 'frame_max = 4095 is lower than the minimum allowed value (4096)'],
  ] as const) {
    const wire = dial();
    await wire.start();
    const { arguments: proposed } = await wire.zero.reply('connection.tune');
    expect(proposed).toMatchObject({ channelMax: 2047, frameMax: 131_072, heartbeat: broker.pid ? 1 : 60 });
    wire.zero.send('connection.tune-ok', { ...proposed, ...change });
    // RabbitMQ says it to its log only.
    if (broker.pid === undefined) await within(wire.ended, 'the end of the socket');
    else
      expect(await wire.zero.refusal()).toMatchObject({
        code: 530,
        text: `NOT_ALLOWED - negotiated ${said}`,
        classId: 10,
        methodId: 31,
      });
  }
  await openWire({ tune: { frameMax: 4096 } });
  await elapse(3_500);
  expect(silent.heartbeats).toBe(0);
  await silent.openChannel();
});

test('9: a client that is silent for two intervals is dropped without a close, before it opens as well; any traffic keeps it, and so does an alarm', async ({
  dial,
  openWire,
  crowded,
}) => {
  const begunMs = performance.now();
  const unopened = dial();
  await unopened.start();
  const { arguments: proposed } = await unopened.zero.reply('connection.tune');
  unopened.zero.send('connection.tune-ok', { ...proposed, heartbeat: 1 });
  const opened = await openWire({ tune: { heartbeat: 1 } });
  const busy = await openWire({ tune: { heartbeat: 1 } });
  const channel = await busy.openChannel();
  const publisher = isForeign
    ? undefined
    : await WireConnection.open(crowded.broker, { capabilities: ['connection.blocked'], tune: { heartbeat: 1 } });
  if (publisher) {
    crowded.disk.fill();
    const publishing = await publisher.openChannel();
    const beats = setInterval(() => publishing.publish({ routingKey: 'nowhere' }, 'x'), 100);
    await publisher.zero.next('connection.blocked').finally(() => clearInterval(beats));
  }
  const works = setInterval(() => channel.send('channel.flow', { active: true }), 300);
  for (const wire of [unopened, opened]) {
    await within(wire.ended, 'the end of the socket');
    expect(wire.zero.log).not.toContain('connection.close');
  }
  expect(performance.now() - begunMs).toBeGreaterThan(1_900);
  expect(opened.heartbeats).toBeGreaterThanOrEqual(2);
  await elapse(4_000);
  clearInterval(works);
  await busy.openChannel(2);
  if (!publisher) return;
  crowded.disk.clear();
  await publisher.zero.next('connection.unblocked');
  publisher.close();
});

test('10: a number is free after close-ok only; what comes on a channel that is being closed is dropped in silence', async ({
  wire,
}) => {
  const channel = await wire.openChannel(1);
  // All of these are on their way before the close that comes for the first is answered.
  wire.socket.cork();
  channel.send('queue.purge', { queue: 'none' });
  channel.send('queue.declare', { queue: '' });
  channel.publish({ exchange: 'none' }, 'x');
  wire.socket.uncork();
  expect(await channel.refusal()).toMatchObject({ scope: 'channel', code: 404, methodId: 30 });
  expect(channel.log).toEqual(['channel.open-ok', 'channel.close']);
  wire.forget(1);
  const next = await wire.openChannel(1);
  await next.call('channel.flow', { active: true });
  await next.call('channel.close', { replyCode: 200 });
  await next.call('channel.open', {});
});

test('11: channel_max is how many may be open, not the highest number', async ({ openWire }) => {
  const wire = await openWire({ tune: { channelMax: 2 } });
  await wire.openChannel(65_535);
  const second = await wire.openChannel(9);
  await second.call('channel.close', { replyCode: 200 });
  await wire.openChannel(10);
  await expect(wire.openChannel(1)).rejects.toMatchObject({
    scope: 'connection',
    code: 530,
    text: 'NOT_ALLOWED - number of channels opened (2) has reached the negotiated channel_max (2)',
    classId: 0,
    methodId: 0,
  });
});

test('12: exclusive queues are gone before close-ok, and promptly after the TCP connection is lost', async ({
  wire,
  openWire,
  named,
  broker,
}) => {
  const [closed, lost] = [named('closed'), named('lost')];
  const [closing, losing] = [await openWire(), await openWire()];
  await (await closing.openChannel()).call('queue.declare', { queue: closed, exclusive: true });
  await (await losing.openChannel()).call('queue.declare', { queue: lost, exclusive: true });
  let id = 0;
  const isGone = async (queue: string): Promise<boolean> => {
    const channel = await wire.openChannel(++id);
    const answer = await channel.call('queue.declare', { queue, passive: true }).catch((error: Refused) => error);
    return answer instanceof Refused && answer.code === 404;
  };
  await closing.zero.call('connection.close', { replyCode: 200 });
  expect(await isGone(closed)).toBe(true);
  // RabbitMQ leaves the socket to the client.
  if (broker.pid !== undefined) await within(closing.ended, 'the end of the socket');
  losing.socket.resetAndDestroy();
  expect(
    await eventually(
      () => isGone(lost),
      (gone) => gone,
      2_000,
    ),
  ).toBe(true);
});

test('13: an alarm is told to who publishes and can hear it, once, and its end as well', async ({
  crowded: { disk, broker },
  skip,
}) => {
  skip(isForeign, 'its disk is not ours to fill');
  const capabilities = ['connection.blocked'];
  const [hearing, consumer, deaf] = await Promise.all([
    WireConnection.open(broker, { capabilities }),
    WireConnection.open(broker, { capabilities }),
    WireConnection.open(broker, { capabilities: [] }),
  ]);
  const channels = await Promise.all([hearing, deaf].map((wire) => wire.openChannel()));
  const states = async (): Promise<string[]> => {
    const connections = (await broker.administrator?.listConnections()) ?? [];
    const own = (wire: WireConnection) => connections.find(({ peerPort }) => peerPort === wire.socket.localPort);
    return [hearing, consumer, deaf].map((wire) => own(wire)?.state ?? 'gone');
  };
  const become = (expected: string[]) => expect.poll(states, { timeout: 10_000, interval: 50 }).toEqual(expected);
  for (let round = 1; round <= 2; round++) {
    await become(['running', 'running', 'running']);
    disk.fill();
    await become(['blocking', 'blocking', 'blocking']);
    for (const channel of channels) {
      for (let i = 0; i < 3; i++) channel.publish({ routingKey: 'nowhere' }, 'x');
    }
    expect((await hearing.zero.next('connection.blocked')).arguments.reason).toBe('low on disk');
    await become(['blocked', 'blocking', 'blocked']);
    const reading = await consumer.openChannel(round);
    await reading.call('queue.declare', { queue: '', exclusive: true });
    disk.clear();
    await hearing.zero.next('connection.unblocked');
    await become(['running', 'running', 'running']);
    // They are read again.
    for (const channel of channels) await channel.call('channel.flow', { active: true });
  }
  const blockedMethods = (wire: WireConnection) => wire.zero.log.filter((name) => name.endsWith('blocked'));
  expect(blockedMethods(hearing)).toEqual([1, 2].flatMap(() => ['connection.blocked', 'connection.unblocked']));
  expect([blockedMethods(consumer), blockedMethods(deaf)]).toEqual([[], []]);
  for (const wire of [hearing, consumer, deaf]) wire.close();
});
