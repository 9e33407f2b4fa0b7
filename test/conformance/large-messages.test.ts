/** Messages far larger than what a connection holds of unsent bytes: all of them arrive, whoever waits for what. */
import fc from 'fast-check';
import { expect, test } from './fixtures.ts';
import type { WireChannel } from './wire-channel.ts';
import type { WireConnection } from './wire-connection.ts';

const MIB = 1024 * 1024;
const PATIENCE_MS = 30_000;
const all = Buffer.alloc(16 * MIB, 'x');

/** Around what decides in a connection: a frame, the room for deliveries, what is unsent at most, the largest message. */
const size = fc.oneof(
  fc.constantFrom(0, 1, 131_063, 131_064, 131_065, 524_287, 524_288, MIB, 4 * MIB - 1, 4 * MIB + 1, 8 * MIB, 16 * MIB),
  fc.integer({ min: 0, max: 6 * MIB }),
);
const mix = fc.record({
  delivered: fc.array(size, { minLength: 1, maxLength: 5 }),
  got: fc.array(size, { maxLength: 2 }),
  returned: fc.array(size, { maxLength: 3 }),
  prefetch: fc.constantFrom(0, 1, 10),
  noAck: fc.boolean(),
  /** Whether each delivery is published again to another queue before it is settled. */
  forwards: fc.boolean(),
  isOneConnection: fc.boolean(),
  isSlow: fc.boolean(),
});

/** Reads a little now and then. Returns the function that ends it. */
function slow({ socket }: WireConnection): () => void {
  const timer = setInterval(() => (socket.isPaused() ? socket.resume() : socket.pause()), 4);
  return () => {
    clearInterval(timer);
    socket.resume();
  };
}

async function ready(channel: WireChannel, queue: string): Promise<number> {
  return (await channel.call('queue.declare', { queue, passive: true })).arguments.messageCount;
}

test('whatever its messages weigh, every one arrives and the next method is answered', { timeout: 120_000 }, async ({
  openWire,
  named,
}) => {
  await fc.assert(
    fc.asyncProperty(mix, async (drawn) => {
      const [work, shelf, onward] = [named('work'), named('shelf'), named('onward')];
      const reading = await openWire();
      const writing = drawn.isOneConnection ? reading : await openWire();
      const [consuming, getting] = [await reading.openChannel(1), await reading.openChannel(2)];
      const publishing = await writing.openChannel(3);
      for (const queue of [work, shelf, onward]) await publishing.call('queue.declare', { queue });
      for (const bytes of drawn.got) publishing.publish({ routingKey: shelf }, all.subarray(0, bytes));
      expect(await ready(publishing, shelf)).toBe(drawn.got.length);

      const endSlowness = drawn.isSlow ? slow(reading) : () => {};
      await consuming.call('basic.qos', { prefetchCount: drawn.prefetch });
      await consuming.call('basic.consume', { queue: work, noAck: drawn.noAck });
      for (const _ of drawn.got) getting.send('basic.get', { queue: shelf });
      for (const bytes of drawn.delivered) publishing.publish({ routingKey: work }, all.subarray(0, bytes));
      for (const bytes of drawn.returned)
        publishing.publish({ routingKey: 'nobody', mandatory: true }, all.subarray(0, bytes));

      const lengths = { delivered: [] as number[], got: [] as number[], returned: [] as number[] };
      for (const _ of drawn.delivered) {
        const { arguments: delivery, content } = await consuming.next('basic.deliver', PATIENCE_MS);
        lengths.delivered.push(content.body.length);
        if (drawn.forwards) consuming.publish({ routingKey: onward }, content.body);
        if (!drawn.noAck) consuming.send('basic.ack', { deliveryTag: delivery.deliveryTag });
      }
      for (const _ of drawn.got)
        lengths.got.push((await getting.reply('basic.get-ok', PATIENCE_MS)).content.body.length);
      for (const _ of drawn.returned)
        lengths.returned.push((await publishing.next('basic.return', PATIENCE_MS)).content.body.length);
      expect(lengths).toEqual({ delivered: drawn.delivered, got: drawn.got, returned: drawn.returned });
      for (const channel of [consuming, getting, publishing]) await channel.call('channel.flow', { active: true });
      expect(await ready(consuming, onward)).toBe(drawn.forwards ? drawn.delivered.length : 0);
      endSlowness();
      reading.close();
      writing.close();
    }),
    { numRuns: 40 },
  );
});

test('a client that writes whole messages before it reads gets through with a delivery and a return on their way', async ({
  openWire,
  named,
}) => {
  const [work, onward] = [named('work'), named('onward')];
  const wire = await openWire();
  const [channel, publishing] = [await wire.openChannel(1), await wire.openChannel(2)];
  for (const queue of [work, onward]) await channel.call('queue.declare', { queue });
  const other = await (await openWire()).openChannel();
  const five = all.subarray(0, 5 * MIB);
  await channel.call('basic.consume', { queue: work });
  wire.socket.pause();
  for (let i = 0; i < 3; i++) other.publish({ routingKey: work }, five);
  // From the last byte of a delivery that is not read on: the socket holds some, the rest is unsent.
  publishing.publish({ routingKey: 'nobody', mandatory: true }, all);
  for (let i = 0; i < 4; i++) publishing.publish({ routingKey: onward }, five);
  await new Promise<void>((resolve) => wire.socket.once('drain', resolve));
  wire.socket.resume();
  for (let i = 0; i < 3; i++)
    expect((await channel.next('basic.deliver', PATIENCE_MS)).content.body.length).toBe(5 * MIB);
  expect((await publishing.next('basic.return', PATIENCE_MS)).content.body.length).toBe(16 * MIB);
  expect(await ready(other, onward)).toBe(4);
});
