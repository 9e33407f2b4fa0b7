/** What clients may not do: bounds of the broker that its settings draw. */

import { FRAME_METHOD } from '../../lib/amqp/frame.ts';
import { encodeMethod } from '../../lib/amqp/method.ts';
import { test as conformanceTest, describe, expect } from './fixtures.ts';
import { within } from './patience.ts';

const test = conformanceTest.override('settings', {
  WARREN_HANDSHAKE_TIMEOUT: '700',
  WARREN_HEARTBEAT: '17',
  WARREN_CHANNEL_MAX: '50',
  WARREN_CONNECTION_MAX: '3',
  WARREN_CHANNEL_MAX_PER_NODE: '6',
  WARREN_MAX_MESSAGE_SIZE: '2000',
  WARREN_CONSUMER_TIMEOUT: '400',
});

describe.skipIf(process.env.WARREN_CONFORMANCE_URL)('limits', () => {
  test('heartbeat and channel_max are proposed as set', async ({ dial }) => {
    const wire = dial();
    await wire.start();
    const { arguments: tune } = await wire.zero.reply('connection.tune');
    expect(tune).toMatchObject({ channelMax: 50, frameMax: 131_072, heartbeat: 17 });
    wire.zero.send('connection.tune-ok', { ...tune, channelMax: 51 });
    expect(await wire.zero.refusal()).toMatchObject({
      code: 530,
      text: 'NOT_ALLOWED - negotiated channel_max = 51 is higher than the maximum allowed value (50)',
    });
  });

  test('who does not come to an end with the handshake is dropped, also after the login', async ({ dial }) => {
    const wire = dial();
    const begunMs = performance.now();
    await wire.start();
    await wire.zero.reply('connection.tune');
    await within(wire.ended, 'the end of the socket', 5_000);
    expect(performance.now() - begunMs).toBeGreaterThan(600);
  });

  test('the broker takes so many connections and no more', async ({ openWire }) => {
    const wires = [await openWire(), await openWire(), await openWire()];
    await expect(openWire()).rejects.toMatchObject({
      code: 530,
      text: 'NOT_ALLOWED - connection refused: node connection limit (3) is reached',
      classId: 10,
      methodId: 40,
    });
    wires[0]?.close();
    await within(wires[0]?.ended as Promise<void>, 'the end of the socket');
    await openWire();
  });

  test('the broker takes so many channels and no more', async ({ openWire }) => {
    const [one, other] = [await openWire(), await openWire()];
    for (const id of [1, 2, 3]) await one.openChannel(id);
    for (const id of [1, 2, 65_535]) await other.openChannel(id);
    await expect(other.openChannel(4)).rejects.toMatchObject({
      code: 530,
      text: expect.stringMatching(
        /^NOT_ALLOWED - number of channels opened on node 'rabbit@.*' has reached the maximum allowed limit of \(6\)$/,
      ),
    });
  });

  test('a message that is too large ends its channel, one that is not does not', async ({ openWire, named }) => {
    const wire = await openWire();
    const channel = await wire.openChannel(1);
    const queue = named('q');
    await channel.call('queue.declare', { queue });
    channel.publish({ routingKey: queue }, Buffer.alloc(2000));
    await channel.call('basic.qos', {});
    channel.publish({ routingKey: queue }, Buffer.alloc(2001));
    expect(await channel.refusal()).toMatchObject({
      scope: 'channel',
      code: 406,
      text: 'PRECONDITION_FAILED - message size 2001 is larger than configured max size 2000',
      classId: 60,
      methodId: 40,
    });
  });

  test('the console may not publish more than clients may', async ({ broker }) => {
    const publication = { vhost: '/', exchange: '', routingKey: 'nowhere', properties: {} };
    const publish = (bytes: number) =>
      broker.administrator?.publish({ ...publication, body: Buffer.alloc(bytes).toString('base64') });
    await publish(2000);
    await expect(publish(2001)).rejects.toThrow('message size 2001 is larger than configured max size 2000');
  });

  test('a delivery that waits too long for its ack ends its channel and comes back', async ({ openWire, named }) => {
    const wire = await openWire();
    const [channel, other] = [await wire.openChannel(1), await wire.openChannel(2)];
    const queue = named('q');
    await channel.call('queue.declare', { queue });
    channel.publish({ routingKey: queue }, 'x');
    await channel.call('basic.consume', { queue, consumerTag: 'slow' });
    await channel.next('basic.deliver');
    expect(await channel.refusal()).toMatchObject({
      scope: 'channel',
      code: 406,
      text: 'PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 400 ms. This timeout value can be configured, see consumers doc guide to learn more',
      classId: 0,
      methodId: 0,
    });
    expect((await other.call('basic.get', { queue, noAck: true })).name).toBe('basic.get-ok');
  });

  test('a queue may have a time of its own for acks', async ({ openWire, named }) => {
    const wire = await openWire();
    const channel = await wire.openChannel(1);
    const queue = named('q');
    await channel.call('queue.declare', { queue, arguments: [['x-consumer-timeout', { type: 'I', value: 90 }]] });
    channel.publish({ routingKey: queue }, 'x');
    await channel.call('basic.get', { queue });
    expect((await channel.refusal()).text).toContain('Timeout value used: 90 ms');
  });

  test('frames before tune-ok may be as large as 8192 bytes', async ({ dial }) => {
    const wire = dial();
    wire.socket.write('AMQP\x00\x00\x09\x01');
    await wire.zero.reply('connection.start');
    wire.sendFrame(
      FRAME_METHOD,
      0,
      encodeMethod('connection.start-ok', { mechanism: 'PLAIN', response: Buffer.alloc(9000) }),
    );
    expect(await wire.zero.refusal()).toMatchObject({ code: 501, text: expect.stringContaining('frame_too_large') });
  });
});
