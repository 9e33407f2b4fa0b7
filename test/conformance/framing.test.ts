/** Check list of the conformance reference, frames, channels and connections: points 4, 5, 7, 10 and 11. */
import type { FieldTable } from '../../lib/amqp/field-table.ts';
import { FRAME_BODY, FRAME_HEADER, FRAME_HEARTBEAT, FRAME_METHOD } from '../../lib/amqp/frame.ts';
import { describe, expect, test } from './fixtures.ts';
import { within } from './patience.ts';

describe('tables', () => {
  test('values of every type come back as they were sent', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    const headers: FieldTable = [
      ['bool', { type: 't', value: true }],
      ['i8', { type: 'b', value: -128 }],
      ['u8', { type: 'B', value: 255 }],
      ['i16', { type: 's', value: -32_768 }],
      ['u16', { type: 'u', value: 65_535 }],
      ['i32', { type: 'I', value: -2_147_483_648 }],
      ['u32', { type: 'i', value: 4_294_967_295 }],
      ['i64', { type: 'l', value: 9_223_372_036_854_775_807n }],
      ['float', { type: 'f', value: 0.5 }],
      ['double', { type: 'd', value: 0.1 }],
      ['decimal', { type: 'D', scale: 2, unscaled: 314 }],
      ['text', { type: 'S', value: 'ü' }],
      ['bytes', { type: 'x', value: Uint8Array.from([0, 255]) }],
      ['time', { type: 'T', value: 1_700_000_000n }],
      ['list', { type: 'A', value: [{ type: 'I', value: 1 }, { type: 'A', value: [] }, { type: 'V' }] }],
      ['table', { type: 'F', value: [['nested', { type: 'F', value: [['deep', { type: 't', value: false }]] }]] }],
      ['void', { type: 'V' }],
    ];
    channel.publish({ routingKey: queue }, 'x', { headers });
    const got = await channel.call('basic.get', { queue, noAck: true });
    if (got.name !== 'basic.get-ok') expect.fail('nothing came');
    expect(got.content?.properties.headers).toEqual(headers);
  });
});

describe('errors', () => {
  test('a handshake out of order is dropped in silence', async ({ dial }) => {
    const wire = dial();
    await wire.start();
    await wire.zero.reply('connection.tune');
    wire.zero.send('connection.open', { virtualHost: '/' });
    await within(wire.ended, 'the end of the socket', 5_000);
    expect(wire.zero.log).toEqual(['connection.start', 'connection.tune']);
  });

  test('name the method that failed', async ({ wire }) => {
    const ask = async (id: number, method: 'queue.purge' | 'basic.get' | 'exchange.delete', args: object) => {
      const channel = await wire.openChannel(id);
      channel.send(method, args);
      const { classId, methodId } = await channel.refusal();
      return [classId, methodId];
    };
    expect(await ask(1, 'queue.purge', { queue: 'none' })).toEqual([50, 30]);
    expect(await ask(2, 'basic.get', { queue: 'none' })).toEqual([60, 70]);
    expect(await ask(3, 'exchange.delete', { exchange: 'amq.topic' })).toEqual([40, 20]);
  });

  test('a vhost that is not there ends the connection', async ({ openWire }) => {
    const text = 'NOT_ALLOWED - vhost none not found';
    await expect(openWire({ vhost: 'none' })).rejects.toMatchObject({ scope: 'connection', code: 530, text });
  });

  test.for([
    [
      'a method on a channel that is not open',
      FRAME_METHOD,
      7,
      [0, 20, 0, 20, 1],
      504,
      "CHANNEL_ERROR - expected 'channel.open'",
    ],
    ['a second open', FRAME_METHOD, 1, [0, 20, 0, 10, 0], 504, "CHANNEL_ERROR - second 'channel.open' seen"],
    [
      'a method that only brokers send',
      FRAME_METHOD,
      1,
      [0, 60, 0, 72, 0],
      503,
      'COMMAND_INVALID - unimplemented method',
    ],
    [
      'a header without its method',
      FRAME_HEADER,
      1,
      [0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      505,
      'UNEXPECTED_FRAME - expected method frame, got non method frame instead',
    ],
    [
      'a body without its method',
      FRAME_BODY,
      1,
      [1],
      505,
      'UNEXPECTED_FRAME - expected method frame, got non method frame instead',
    ],
  ] as const)('%s ends the connection', async ([, type, id, payload, code, text], { wire }) => {
    const channel = await wire.openChannel(1);
    wire.sendFrame(type, id, Uint8Array.from(payload));
    expect(await channel.refusal()).toMatchObject({ scope: 'connection', code, text });
  });

  test('a heartbeat on a channel ends the connection', async ({ wire }) => {
    const channel = await wire.openChannel(1);
    wire.sendFrame(FRAME_HEARTBEAT, 1, new Uint8Array());
    expect(await channel.refusal()).toMatchObject({ scope: 'connection', code: 505 });
  });
});

describe('channels', () => {
  test('what comes on a channel that is being closed is dropped; its number is free after close-ok', async ({
    wire,
  }) => {
    const channel = await wire.openChannel(1);
    // The close that comes for the first is answered after all of these were sent.
    channel.send('queue.purge', { queue: 'none' });
    channel.send('queue.declare', { queue: '' });
    channel.publish({ exchange: 'none' }, 'x');
    expect(await channel.refusal()).toMatchObject({ scope: 'channel', code: 404, methodId: 30 });
    wire.forget(1);
    const next = await wire.openChannel(1);
    await next.call('channel.flow', { active: true });
  });

  test('the largest number may be used; too many are refused', async ({ openWire }) => {
    const wire = await openWire({ tune: { channelMax: 2 } });
    await wire.openChannel(65_535);
    const last = await wire.openChannel(9);
    wire.channel(3).send('channel.open');
    expect(await last.refusal()).toMatchObject({
      scope: 'connection',
      code: 530,
      text: expect.stringMatching(
        /^NOT_ALLOWED - number of channels opened \(\d+\) has reached the negotiated channel_max \(2\)$/,
      ),
    });
  });

  test('methods may follow each other without waiting; replies keep their order', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    channel.send('queue.declare', { queue });
    channel.send('confirm.select');
    channel.send('queue.bind', { exchange: 'amq.fanout', queue });
    channel.send('basic.get', { queue });
    for (const name of ['queue.declare-ok', 'confirm.select-ok', 'queue.bind-ok', 'basic.get-empty'] as const)
      await channel.reply(name);
  });

  test('a content is written in one piece on its channel, however slowly the socket drains', async ({
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

  test('nowait leaves out replies, not errors', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    channel.send('queue.declare', { queue, nowait: true });
    channel.send('queue.bind', { exchange: 'amq.fanout', queue, nowait: true });
    channel.send('basic.consume', { queue, consumerTag: 'c', nowait: true });
    expect((await channel.call('queue.declare', { queue, passive: true })).arguments.consumerCount).toBe(1);
    channel.send('queue.declare', { queue, durable: true, nowait: true });
    expect(await channel.refusal()).toMatchObject({ code: 406 });
  });
});
