/** Messages that go to many queues at once, and those who want something else meanwhile. */
import { encodeFrame, FRAME_HEADER, FRAME_METHOD } from '../../lib/amqp/frame.ts';
import { encodeMethod } from '../../lib/amqp/method.ts';
import { encodeContentHeader } from '../../lib/amqp/properties.ts';
import { expect, test } from './fixtures.ts';

const QUEUES = 200;
const MESSAGES = 8000;

test('everybody else is served between messages that go to many queues', async ({ openWire, named }) => {
  const [exchange, first] = [named('x'), named('q')];
  const [publisher, other] = [await openWire(), await openWire()];
  const channel = await publisher.openChannel();
  const looking = await other.openChannel();
  await channel.call('exchange.declare', { exchange, type: 'fanout' });
  await looking.call('queue.declare', { queue: first });
  await looking.call('queue.bind', { queue: first, exchange });
  for (let i = 1; i < QUEUES; i++) {
    const { queue } = (await channel.call('queue.declare', { exclusive: true })).arguments;
    await channel.call('queue.bind', { queue, exchange });
  }
  const publish = Buffer.concat([
    encodeFrame(FRAME_METHOD, channel.id, encodeMethod('basic.publish', { exchange })),
    encodeFrame(FRAME_HEADER, channel.id, encodeContentHeader(0, {})),
  ]);
  publisher.socket.write(Buffer.concat(Array.from({ length: MESSAGES }, () => publish)));
  const seen = new Set<number>();
  while (!seen.has(MESSAGES)) {
    seen.add((await looking.call('queue.declare', { queue: first, passive: true })).arguments.messageCount);
  }
  // One read of a socket takes thousands of such messages.
  expect(seen.size).toBeGreaterThan(9);
});
