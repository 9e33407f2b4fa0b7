/** Clients that stop reading: what they hold must come free one day, whatever heartbeats they go on sending. */
import { HEARTBEAT_FRAME } from '../../lib/amqp/frame.ts';
import { test as conformanceTest, expect } from './fixtures.ts';
import { within } from './patience.ts';

/** RabbitMQ waits for 30 s. */
const test = conformanceTest.override('settings', { WARREN_SEND_TIMEOUT: '1500' });
const DROP_MS = 50_000;
/** More than sockets of the loopback interface hold. */
const MESSAGES = 40;
const BODY = Buffer.alloc(1024 * 1024, 'x');

test('who takes nothing of what it is sent is dropped, and its messages go to others', {
  timeout: DROP_MS + 30_000,
}, async ({ openWire, named }) => {
  const queue = named('q');
  const [stuck, other] = [await openWire({ tune: { heartbeat: 60 } }), await openWire()];
  const channel = await other.openChannel();
  await channel.call('queue.declare', { queue });
  for (let i = 0; i < MESSAGES; i++) channel.publish({ routingKey: queue }, BODY);
  const consuming = await stuck.openChannel();
  await consuming.call('basic.consume', { queue });
  stuck.socket.pause();
  const beats = setInterval(() => stuck.socket.write(HEARTBEAT_FRAME), 500);
  const idle = await openWire();
  const found = (async () => {
    for (;;) {
      const { messageCount, consumerCount } = (await channel.call('queue.declare', { queue, passive: true })).arguments;
      if (consumerCount === 0 && messageCount === MESSAGES) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  await within(found, 'all messages to be there again', DROP_MS);
  clearInterval(beats);
  // Who was sent nothing is not meant.
  await (await idle.openChannel()).call('queue.delete', { queue });
  expect(idle.zero.log).not.toContain('connection.close');
});
