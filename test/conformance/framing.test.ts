/** Frames, errors and channels: rules of the wire. */
import { FRAME_BODY, FRAME_HEADER, FRAME_HEARTBEAT, FRAME_METHOD } from '../../lib/amqp/frame.ts';
import { describe, expect, test } from './fixtures.ts';
import { within } from './patience.ts';

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
