/** Clients that break the protocol, or keep to it and to nothing else. Others must not notice. */
import { connect as dialSocket, type Socket } from 'node:net';
import fc from 'fast-check';
import { encodeFrame, FRAME_BODY, FRAME_HEADER, FRAME_METHOD, PROTOCOL_HEADER } from '../../lib/amqp/frame.ts';
import { encodeMethod } from '../../lib/amqp/method.ts';
import { encodeContentHeader } from '../../lib/amqp/properties.ts';
import { residentMib, type TestBroker } from './broker.ts';
import { describe, expect, test } from './fixtures.ts';
import { eventually, within } from './patience.ts';

const MIB = 1024 * 1024;

interface Neighbour {
  /** Publishes a message and gets it back. */
  goesOn(): Promise<void>;
}

/** Somebody well-behaved who is there all the time. */
async function neighbourOf(
  openConfirmChannel: () => Promise<import('amqplib').ConfirmChannel>,
  queue: string,
): Promise<Neighbour> {
  const channel = await openConfirmChannel();
  await channel.assertQueue(queue, { durable: true });
  return {
    async goesOn() {
      channel.sendToQueue(queue, Buffer.from('still here'), { persistent: true });
      await within(channel.waitForConfirms(), 'a confirm for the neighbour');
      const message = await channel.get(queue, { noAck: true });
      expect(message === false ? undefined : message.content.toString()).toBe('still here');
    },
  };
}

/** A bare socket that says `bytes`; resolves with all it heard when the broker has closed it. */
function say(broker: TestBroker, bytes: Uint8Array[], halfClose = false): Promise<Buffer> {
  const socket = dialSocket({ host: broker.host, port: broker.port });
  const heard: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk));
  socket.on('error', () => {});
  for (const part of bytes) socket.write(part);
  if (halfClose) socket.end();
  return new Promise((resolve) => socket.once('close', () => resolve(Buffer.concat(heard))));
}

/** A heap takes what it is given before it tidies up; eight thousand connections that stayed would cost 130 MiB. */
const STORM_MIB_MAX = 100;

/** Rounds of 20,000 questions each, whose answers take 240 kB. */
const ROUNDS = 400;

describe('a broker under attack', () => {
  test('answers a stream of random bytes with its protocol header and closes', async ({
    broker,
    openConfirmChannel,
    named,
  }) => {
    const neighbour = await neighbourOf(openConfirmChannel, named('neighbour'));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 8, maxLength: 2000 }), async (bytes) => {
        const heard = await within(say(broker, [bytes]), 'the end of the socket', 15_000);
        expect(heard.subarray(0, 4).toString('latin1')).toBe('AMQP');
      }),
      { numRuns: 40 },
    );
    await neighbour.goesOn();
  });

  test('ends a connection that sends random bytes where frames belong', async ({
    broker,
    openConfirmChannel,
    named,
    openWire,
  }) => {
    const neighbour = await neighbourOf(openConfirmChannel, named('neighbour'));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 64, maxLength: 500 }), async (bytes) => {
        const wire = await openWire();
        wire.socket.write(bytes);
        wire.socket.end();
        await within(wire.ended, 'the end of the connection', 15_000);
      }),
      { numRuns: 40 },
    );
    await neighbour.goesOn();
    expect(broker.port).toBeGreaterThan(0);
  });

  test.for([
    ['one byte of the protocol header', [PROTOCOL_HEADER.subarray(0, 1)]],
    ['the protocol header', [PROTOCOL_HEADER]],
    ['half a frame', [PROTOCOL_HEADER, encodeFrame(FRAME_METHOD, 0, Buffer.alloc(100)).subarray(0, 40)]],
  ] as [string, Uint8Array[]][])(
    'drops who says %s and then nothing',
    { timeout: 30_000 },
    async ([, bytes], { broker, openConfirmChannel, named }) => {
      const neighbour = await neighbourOf(openConfirmChannel, named('neighbour'));
      const silent = say(broker, bytes);
      await neighbour.goesOn();
      await within(silent, 'the end of the handshake', 20_000);
      await neighbour.goesOn();
    },
  );

  test('closes a connection over a frame that is too large, by the head of it', async ({
    openConfirmChannel,
    named,
    openWire,
  }) => {
    const neighbour = await neighbourOf(openConfirmChannel, named('neighbour'));
    const wire = await openWire();
    wire.socket.write(Buffer.of(FRAME_METHOD, 0, 1, 0x7f, 0xff, 0xff, 0xff));
    await expect(wire.zero.reply('connection.close-ok')).rejects.toMatchObject({
      code: 501,
      text: expect.stringContaining('frame_too_large'),
    });
    await within(wire.ended, 'the end of the socket', 15_000);
    await neighbour.goesOn();
  });

  test.for([
    ['a header', FRAME_HEADER],
    ['a body', FRAME_BODY],
  ] as [string, number][])('closes a connection that sends %s frame on channel 0', async ([, type], { openWire }) => {
    const wire = await openWire();
    wire.sendFrame(type, 0, Buffer.alloc(14));
    await expect(wire.zero.reply('connection.close-ok')).rejects.toMatchObject({ scope: 'connection', code: 505 });
  });

  test('keeps no memory for bodies that are announced and never sent', async ({
    broker,
    openWire,
    openConfirmChannel,
    named,
  }) => {
    const queue = named('neighbour');
    const neighbour = await neighbourOf(openConfirmChannel, queue);
    const before = broker.pid === undefined ? 0 : residentMib(broker.pid);
    for (let i = 0; i < 100; i++) {
      const wire = await openWire();
      await wire.openChannel(1);
      wire.sendMethod(1, 'basic.publish', { routingKey: queue });
      wire.sendFrame(FRAME_HEADER, 1, encodeContentHeader(16 * MIB, {}));
      wire.sendFrame(FRAME_BODY, 1, Buffer.alloc(1));
    }
    await neighbour.goesOn();
    if (broker.pid !== undefined) expect(residentMib(broker.pid) - before).toBeLessThan(100);
  });

  test('survives ten thousand connections that are opened and dropped, and has their memory back', {
    timeout: 120_000,
  }, async ({ broker, openConfirmChannel, named }) => {
    const neighbour = await neighbourOf(openConfirmChannel, named('neighbour'));
    const storm = async (count: number): Promise<void> => {
      let left = count;
      const one = async (): Promise<void> => {
        while (left-- > 0) {
          await new Promise<void>((resolve) => {
            const socket = dialSocket({ host: broker.host, port: broker.port }, () => {
              socket.write(PROTOCOL_HEADER);
              socket.once('data', () => socket.resetAndDestroy());
            });
            socket.on('error', () => {});
            socket.once('close', () => resolve());
          });
        }
      };
      await Promise.all(Array.from({ length: 100 }, one));
    };
    await storm(2000);
    const before = broker.pid === undefined ? 0 : residentMib(broker.pid);
    await storm(8000);
    await neighbour.goesOn();
    if (broker.pid !== undefined) {
      const { pid } = broker;
      const grown = await eventually(
        () => residentMib(pid) - before,
        (mib) => mib < STORM_MIB_MAX,
        20_000,
      );
      expect(grown).toBeLessThan(STORM_MIB_MAX);
    }
  });

  test('holds back what a consumer does not read, and others get theirs', { timeout: 60_000 }, async ({
    broker,
    openConfirmChannel,
    openWire,
    named,
  }) => {
    const neighbour = await neighbourOf(openConfirmChannel, named('neighbour'));
    const queue = named('unread');
    const wire = await openWire();
    const channel = await wire.openChannel(1);
    await channel.call('queue.declare', { queue });
    await channel.call('basic.consume', { queue, noAck: true });
    wire.socket.pause();
    const before = broker.pid === undefined ? 0 : residentMib(broker.pid);
    const publisher = await openConfirmChannel();
    const body = Buffer.alloc(MIB);
    for (let i = 0; i < 400; i++) {
      publisher.sendToQueue(queue, body);
      if (i % 10 === 9) await publisher.waitForConfirms();
    }
    await neighbour.goesOn();
    // What is not read stays in the queue, on disk: the socket's share is bounded.
    const { messageCount } = await publisher.checkQueue(queue);
    expect(messageCount).toBeGreaterThan(300);
    if (broker.pid !== undefined) expect(residentMib(broker.pid) - before).toBeLessThan(200);
    wire.socket.resume();
    await eventually(
      () => wire.receivedBytes,
      (bytes) => bytes > 400 * MIB,
      30_000,
    );
    expect(wire.receivedBytes).toBeGreaterThan(400 * MIB);
  });

  test('stops listening to who asks and asks and never reads the answers', { timeout: 60_000 }, async ({
    broker,
    openConfirmChannel,
    openWire,
    named,
  }) => {
    const neighbour = await neighbourOf(openConfirmChannel, named('neighbour'));
    const wire = await openWire();
    await wire.openChannel(1);
    wire.socket.pause();
    const before = broker.pid === undefined ? 0 : residentMib(broker.pid);
    const question = encodeFrame(FRAME_METHOD, 1, encodeMethod('basic.qos', { prefetchCount: 1 }));
    const flood = Buffer.concat(Array.from({ length: 20_000 }, () => question));
    const written = (socket: Socket): Promise<boolean> =>
      Promise.race([
        new Promise<boolean>((resolve) => socket.write(flood, () => resolve(true))),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1500)),
      ]);
    let rounds = 0;
    while (rounds < ROUNDS && (await written(wire.socket))) rounds++;
    await neighbour.goesOn();
    // Were nobody to hold it back, all the rounds would have gone through and their answers be in memory.
    expect(rounds).toBeLessThan(ROUNDS);
    if (broker.pid !== undefined) expect(residentMib(broker.pid) - before).toBeLessThan(100);
    wire.close();
  });
});
