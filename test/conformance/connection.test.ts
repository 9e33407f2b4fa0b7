/** How a connection begins, what it may say when, and how it ends: the rules of RabbitMQ's reader, row by row. */
import { encodeFrame, FRAME_BODY, FRAME_HEADER, FRAME_HEARTBEAT, FRAME_METHOD } from '../../lib/amqp/frame.ts';
import { encodeMethod, type MethodArguments } from '../../lib/amqp/method.ts';
import { encodeContentHeader } from '../../lib/amqp/properties.ts';
import { describe, expect, test } from './fixtures.ts';
import { within } from './patience.ts';
import type { WireConnection } from './wire-connection.ts';

const AMQP_091 = 'AMQP\x00\x00\x09\x01';

/** The handshake up to tune. */
async function tuned(wire: WireConnection): Promise<MethodArguments['connection.tune']> {
  await wire.start();
  return (await wire.zero.reply('connection.tune')).arguments;
}

describe('the protocol header', () => {
  test('of 0-9-1 is answered with connection.start, as is what clients of 0-9 send', async ({ dial }) => {
    for (const header of [AMQP_091, 'AMQP\x01\x01\x00\x09']) {
      const wire = dial();
      wire.socket.write(Buffer.from(header, 'latin1'));
      const { arguments: start } = await wire.zero.reply('connection.start');
      expect([start.versionMajor, start.versionMinor]).toEqual([0, 9]);
      expect(start.locales.toString()).toBe('en_US');
      expect(start.mechanisms.toString().split(' ')).toEqual(expect.arrayContaining(['PLAIN', 'AMQPLAIN']));
      const names = start.serverProperties.map(([name]) => name);
      expect(names).toEqual([
        'capabilities',
        'cluster_name',
        'copyright',
        'information',
        'platform',
        'product',
        'version',
      ]);
    }
  });

  test.for([
    'AMQP\x01\x01\x08\x00',
    'AMQP\x00\x00\x09\x02',
    'AMQP\x00\x01\x00\x00',
    'GET / HTTP/1.1\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01',
  ])('%j is answered with what the broker speaks, and the end', async (header, { dial, broker }) => {
    // What RabbitMQ answers depends on its version and its plugins.
    if (broker.pid === undefined) return;
    const wire = dial();
    wire.socket.write(Buffer.from(header, 'latin1'));
    expect(await wire.protocolAnswer()).toBe(AMQP_091);
  });
});

describe('signing in', () => {
  test.for<[string, string, Buffer]>([
    ['PLAIN', 'PLAIN', Buffer.from('\0guest\0guest')],
    [
      'AMQPLAIN',
      'AMQPLAIN',
      Buffer.concat([
        Buffer.from('\x05LOGINS\x00\x00\x00\x05guest', 'latin1'),
        Buffer.from('\x08PASSWORDS\x00\x00\x00\x05guest', 'latin1'),
      ]),
    ],
  ])('by %s', async ([, mechanism, response], { openWire }) => {
    const wire = await openWire({ mechanism, response });
    await wire.openChannel(1);
  });

  test.for<[string, string]>([
    ['a wrong password', '\0guest\0wrong'],
    ['an empty password', '\0guest\0'],
    ['a user that is not there', '\0nobody\0guest'],
  ])('with %s is refused in words for who can hear them, else in silence', async ([, response], { dial }) => {
    const hears = dial();
    await hears.start({ response: Buffer.from(response) });
    expect(await hears.zero.refusal()).toMatchObject({
      scope: 'connection',
      code: 403,
      text: 'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.',
      classId: 0,
      methodId: 0,
    });
    const deaf = dial();
    await deaf.start({ response: Buffer.from(response), capabilities: [] });
    await within(deaf.ended, 'the end of the socket');
    expect(deaf.zero.log).toEqual(['connection.start']);
  });

  test.for<[string, string, number]>([
    ['a mechanism that nobody knows', 'SECRET-HANDSHAKE', 503],
    ['a response that is none', 'PLAIN', 502],
  ])('with %s ends the connection', async ([, mechanism, code], { dial, broker }) => {
    const wire = dial();
    await wire.start({ mechanism, response: Buffer.from('no zeros in here') });
    // RabbitMQ says nothing in this state.
    if (broker.pid === undefined) await within(wire.ended, 'the end of the socket');
    else expect(await wire.zero.refusal()).toMatchObject({ code });
  });
});

describe('tune-ok', () => {
  test.for<[string, Partial<MethodArguments['connection.tune-ok']>, string]>([
    [
      'no limit of frames',
      { frameMax: 0 },
      'frame_max = 0 (no limit) is higher than the maximum allowed value (131072)',
    ],
    ['larger frames', { frameMax: 131_073 }, 'frame_max = 131073 is higher than the maximum allowed value (131072)'],
    ['tiny frames', { frameMax: 4095 }, 'frame_max = 4095 is lower than the minimum allowed value (4096)'],
    [
      'no limit of channels',
      { channelMax: 0 },
      'channel_max = 0 (no limit) is higher than the maximum allowed value (2047)',
    ],
    ['more channels', { channelMax: 2048 }, 'channel_max = 2048 is higher than the maximum allowed value (2047)'],
  ])('with %s is refused', async ([, change, text], { dial, broker }) => {
    const wire = dial();
    const proposed = await tuned(wire);
    expect(proposed).toEqual({ channelMax: 2047, frameMax: 131_072, heartbeat: 60 });
    wire.zero.send('connection.tune-ok', { ...proposed, ...change });
    // RabbitMQ says it to its log only.
    if (broker.pid === undefined) {
      await within(wire.ended, 'the end of the socket');
      return;
    }
    expect(await wire.zero.refusal()).toMatchObject({
      code: 530,
      text: `NOT_ALLOWED - negotiated ${text}`,
      classId: 10,
      methodId: 31,
    });
  });

  test('limits frames both ways; a frame that is a little larger is still taken', async ({ openWire, named }) => {
    const wire = await openWire({ tune: { frameMax: 4096 } });
    const channel = await wire.openChannel(1);
    const queue = named('q');
    await channel.call('queue.declare', { queue });
    channel.publish({ routingKey: queue }, Buffer.alloc(10_000));
    const got = await channel.call('basic.get', { queue, noAck: true });
    expect(got.content?.frames).toEqual([4088, 4088, 1824]);
    wire.sendMethod(1, 'basic.publish', { routingKey: queue });
    wire.sendFrame(FRAME_HEADER, 1, encodeContentHeader(4096, {}));
    wire.sendFrame(FRAME_BODY, 1, Buffer.alloc(4096));
    const all = await channel.call('basic.get', { queue, noAck: true });
    expect(all.content?.frames).toEqual([4088, 8]);
    wire.sendFrame(FRAME_BODY, 1, Buffer.alloc(4097));
    expect(await wire.zero.refusal()).toMatchObject({
      code: 501,
      text: 'FRAME_ERROR - type 3, all octets = <<>>: {frame_too_large,4097,4088}',
      classId: 0,
      methodId: 0,
    });
  });
});

describe('heartbeats', () => {
  test('come at half the interval while nothing else does; a client that is silent is dropped without a word', async ({
    openWire,
  }) => {
    const wire = await openWire({ tune: { heartbeat: 1 } });
    const begunMs = performance.now();
    await within(wire.ended, 'the end of the socket');
    const aliveMs = performance.now() - begunMs;
    expect(aliveMs).toBeGreaterThan(1_900);
    expect(aliveMs).toBeLessThan(4_500);
    expect(wire.heartbeats).toBeGreaterThanOrEqual(3);
    expect(wire.zero.log).not.toContain('connection.close');
  });

  test('of the client keep it alive, as does anything else', async ({ openWire }) => {
    const wires = [await openWire({ tune: { heartbeat: 1 } }), await openWire({ tune: { heartbeat: 1 } })];
    const [beats, works] = wires as [WireConnection, WireConnection];
    const channel = await works.openChannel(1);
    for (let i = 0; i < 9; i++) {
      beats.sendFrame(FRAME_HEARTBEAT, 0, Buffer.alloc(0));
      await channel.call('basic.qos', {});
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await beats.openChannel(1);
    await channel.call('basic.qos', {});
  });

  test('longer than the proposed ones are fine, and none as well', async ({ openWire }) => {
    await (await openWire({ tune: { heartbeat: 600 } })).openChannel(1);
    await (await openWire({ tune: { heartbeat: 0 } })).openChannel(1);
  });
});

describe('a frame that makes no sense', () => {
  test.for<[string, Buffer, number, string]>([
    ['a heartbeat on a channel', encodeFrame(FRAME_HEARTBEAT, 1, Buffer.alloc(0)), 505, 'type 8, all octets = <<>>'],
    [
      'a header on channel 0',
      encodeFrame(FRAME_HEADER, 0, Buffer.alloc(14)),
      505,
      'type 2, all octets = <<0,0,0,0,0,0,0,0,0,0,0,0,0,0>>',
    ],
    [
      'half a header',
      encodeFrame(FRAME_HEADER, 0, Buffer.of(1, 2, 3)),
      501,
      'type 2, all octets = <<1,2,3>>: unknown_frame',
    ],
    [
      'a body on channel 0',
      encodeFrame(FRAME_BODY, 0, Buffer.alloc(20)),
      505,
      'type 3, first 16 octets = <<0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>>',
    ],
    ['an unknown type', encodeFrame(9, 0, Buffer.alloc(0)), 501, 'type 9, all octets = <<>>: unknown_frame'],
    [
      'a wrong end',
      Buffer.concat([encodeFrame(FRAME_METHOD, 1, Buffer.from('abc')).subarray(0, -1), Buffer.of(7)]),
      501,
      'type 1, all octets = <<"abc">>: {invalid_frame_end_marker,7}',
    ],
  ])('%s ends the connection', async ([, bytes, code, text], { openWire, broker }) => {
    const wire = await openWire();
    wire.socket.write(bytes);
    const refusal = await wire.zero.refusal();
    expect(refusal).toMatchObject({ scope: 'connection', code, classId: 0, methodId: 0 });
    if (broker.pid !== undefined || code === 505) expect(refusal.text).toContain(text);
    await within(wire.ended, 'the end of the socket', 8_000);
  });

  test('a frame on a channel before connection.open', async ({ dial, broker }) => {
    const wire = dial();
    wire.zero.send('connection.tune-ok', await tuned(wire));
    wire.channel(1).send('channel.open');
    if (broker.pid === undefined) await within(wire.ended, 'the end of the socket');
    else expect(await wire.zero.refusal()).toMatchObject({ code: 505 });
  });
});

describe('content out of order', () => {
  const header = (classId: number, weight = 0): Buffer => {
    const bytes = Buffer.from(encodeContentHeader(1, {}));
    bytes.writeUInt16BE(classId, 0);
    bytes.writeUInt16BE(weight, 2);
    return bytes;
  };

  test.for<[string, [type: number, payload: Buffer][], number, string]>([
    [
      'a header without a method',
      [[FRAME_HEADER, header(60)]],
      505,
      'expected method frame, got non method frame instead',
    ],
    [
      'a body without a method',
      [[FRAME_BODY, Buffer.alloc(1)]],
      505,
      'expected method frame, got non method frame instead',
    ],
    [
      'a header of another class',
      [
        [FRAME_METHOD, encodeMethod('basic.publish', {})],
        [FRAME_HEADER, header(61)],
      ],
      505,
      'expected content header for class 60, got one for class 61 instead',
    ],
    [
      'a header with a weight',
      [
        [FRAME_METHOD, encodeMethod('basic.publish', {})],
        [FRAME_HEADER, header(60, 1)],
      ],
      505,
      'expected content header for class 60, got non content header frame instead',
    ],
    [
      'a method where the header is due',
      [
        [FRAME_METHOD, encodeMethod('basic.publish', {})],
        [FRAME_METHOD, encodeMethod('basic.qos', {})],
      ],
      505,
      'expected content header for class 60, got non content header frame instead',
    ],
    [
      'a method where the body is due',
      [
        [FRAME_METHOD, encodeMethod('basic.publish', {})],
        [FRAME_HEADER, header(60)],
        [FRAME_METHOD, encodeMethod('basic.qos', {})],
      ],
      505,
      'expected content body, got non content body frame instead',
    ],
    [
      'more body than was announced',
      [
        [FRAME_METHOD, encodeMethod('basic.publish', {})],
        [FRAME_HEADER, header(60)],
        [FRAME_BODY, Buffer.alloc(2)],
      ],
      501,
      'content body frame exceeds remaining content size',
    ],
  ])('%s ends the connection', async ([, frames, code, text], { openWire, broker }) => {
    const wire = await openWire();
    await wire.openChannel(1);
    for (const [type, payload] of frames) wire.sendFrame(type, 1, payload);
    // An older RabbitMQ dies of bodies that are too long.
    if (broker.is3 && code === 501) return;
    expect(await wire.zero.refusal()).toMatchObject({
      scope: 'connection',
      code,
      text: expect.stringContaining(text),
    });
  });
});

describe('connection.open', () => {
  test('a second time', async ({ openWire }) => {
    const wire = await openWire();
    wire.zero.send('connection.open', { virtualHost: '/' });
    expect(await wire.zero.refusal()).toMatchObject({
      code: 504,
      text: 'CHANNEL_ERROR - unexpected method in connection state running',
      classId: 10,
      methodId: 40,
    });
  });
});

describe('a new secret', () => {
  test('is taken at any time', async ({ openWire }) => {
    const wire = await openWire();
    await wire.zero.call('connection.update-secret', { newSecret: Buffer.from('another'), reason: 'it is monday' });
    await wire.openChannel(1);
  });
});

describe('channels', () => {
  test('a method on one that is not open ends the connection', async ({ openWire }) => {
    const wire = await openWire();
    wire.channel(5).send('basic.qos', {});
    expect(await wire.zero.refusal()).toMatchObject({
      scope: 'connection',
      code: 504,
      text: "CHANNEL_ERROR - expected 'channel.open'",
      classId: 60,
      methodId: 10,
    });
  });

  test('opening one twice ends the connection', async ({ openWire }) => {
    const wire = await openWire();
    await wire.openChannel(1);
    await expect(wire.openChannel(1)).rejects.toMatchObject({
      scope: 'connection',
      code: 504,
      text: "CHANNEL_ERROR - second 'channel.open' seen",
      classId: 20,
      methodId: 10,
    });
  });

  test.for<[string, (wire: WireConnection) => void, number, string, [number, number]]>([
    [
      'basic.recover without requeue',
      (wire) => wire.sendMethod(1, 'basic.recover', {}),
      540,
      'NOT_IMPLEMENTED - requeue=false',
      [60, 110],
    ],
    [
      'channel.flow that stops',
      (wire) => wire.sendMethod(1, 'channel.flow', {}),
      540,
      'NOT_IMPLEMENTED - active=false',
      [20, 20],
    ],
    [
      'a prefetch in bytes',
      (wire) => wire.sendMethod(1, 'basic.qos', { prefetchSize: 7 }),
      540,
      'NOT_IMPLEMENTED - prefetch_size!=0 (7)',
      [60, 10],
    ],
    [
      'an immediate message',
      (wire) => wire.channel(1).publish({ immediate: true }, 'x'),
      540,
      'NOT_IMPLEMENTED - immediate=true',
      [60, 40],
    ],
    ['a method of the server', (wire) => wire.sendMethod(1, 'basic.deliver', {}), 503, 'COMMAND_INVALID - ', [60, 60]],
  ])('%s ends the connection, and names the method', async ([, act, code, text, ids], { openWire, broker }) => {
    const wire = await openWire();
    await wire.openChannel(1);
    await wire.openChannel(2);
    act(wire);
    // To RabbitMQ a method of the server has content, and none has come.
    if (code === 503 && broker.pid === undefined) return;
    expect(await wire.zero.refusal()).toMatchObject({
      scope: 'connection',
      code,
      text: expect.stringContaining(text),
      classId: ids[0],
      methodId: ids[1],
    });
  });

  test('bytes that are no UTF-8 in a name end the connection', async ({ openWire }) => {
    const wire = await openWire();
    await wire.openChannel(1);
    const payload = Buffer.from(encodeMethod('queue.declare', { queue: 'abc' }));
    payload[8] = 0xff;
    wire.sendFrame(FRAME_METHOD, 1, payload);
    expect(await wire.zero.refusal()).toMatchObject({ scope: 'connection', code: 501 });
  });

  test('after an error nothing counts but the close; what was published before stays', async ({ openWire, named }) => {
    const wire = await openWire();
    const [channel, other] = [await wire.openChannel(1), await wire.openChannel(2)];
    const queue = named('q');
    await other.call('queue.declare', { queue });
    channel.publish({ routingKey: queue }, 'before');
    channel.publish({ exchange: 'no such' }, 'fails');
    channel.publish({ routingKey: queue }, 'after');
    channel.send('basic.ack', { deliveryTag: 77 });
    expect(await channel.refusal()).toMatchObject({
      scope: 'channel',
      code: 404,
      text: "NOT_FOUND - no exchange 'no such' in vhost '/'",
      classId: 60,
      methodId: 40,
    });
    const got = await other.call('basic.get', { queue, noAck: true });
    expect(got.content?.body.toString()).toBe('before');
    expect((await other.call('basic.get', { queue })).name).toBe('basic.get-empty');
  });

  test('closes that cross are both answered, and the number can be used again', async ({ openWire }) => {
    const wire = await openWire();
    const channel = await wire.openChannel(1);
    // Both are on their way before the broker says anything.
    wire.socket.cork();
    channel.send('basic.ack', { deliveryTag: 5 });
    channel.send('channel.close', {});
    wire.socket.uncork();
    expect(await channel.refusal()).toMatchObject({ scope: 'channel', code: 406 });
    await wire.channel(2).call('channel.open', {});
    expect(channel.log.filter((name) => name.startsWith('channel.'))).toEqual([
      'channel.open-ok',
      'channel.close',
      'channel.close-ok',
    ]);
    channel.send('channel.open', {});
    await expect.poll(() => channel.log.at(-1)).toBe('channel.open-ok');
  });
});

test('every close of a connection has its close-ok, also after the first', async ({ wire }) => {
  for (let closes = 0; closes < 3; closes++) await wire.zero.call('connection.close', { replyCode: 200 });
});

test.for([1, 3])(
  'who does not answer a close is reset after the time of its heartbeat: %i s',
  async (heartbeat, { openWire }) => {
    const wire = await openWire({ tune: { heartbeat } });
    wire.answersClose = false;
    wire.zero.send('basic.qos', {});
    await wire.zero.refusal();
    const closedAtMs = performance.now();
    await within(wire.ended, 'the end of the socket');
    const seconds = (performance.now() - closedAtMs) / 1000;
    expect(seconds).toBeGreaterThan(heartbeat - 0.5);
    expect(seconds).toBeLessThan(heartbeat + 3);
    expect(wire.socketError?.code).toBe('ECONNRESET');
  },
);

test('clients of libraries that offer frames of 4096 bytes get frames of no more than that', async ({
  openWire,
  named,
}) => {
  const queue = named('q');
  const channel = await (await openWire({ tune: { frameMax: 4096 } })).openChannel();
  await channel.call('queue.declare', { queue });
  channel.publish({ routingKey: queue }, Buffer.alloc(10_000));
  const { content } = (await channel.call('basic.get', { queue, noAck: true })) as { content: { frames: number[] } };
  expect(content.frames).toEqual([4088, 4088, 1824]);
});
