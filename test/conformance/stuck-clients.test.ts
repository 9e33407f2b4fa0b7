/** Clients that stop reading: what they hold must come free one day, and what they were not sent is not theirs. */
import type { Socket } from 'node:net';
import { HEARTBEAT_FRAME } from '../../lib/amqp/frame.ts';
import { test as conformanceTest, expect } from './fixtures.ts';
import { eventually, within } from './patience.ts';

/** RabbitMQ waits for 30 s. */
const test = conformanceTest.override('settings', { WARREN_SEND_TIMEOUT: '1500' });
const DROP_MS = 50_000;
/** More than sockets of the loopback interface hold. */
const MESSAGES = 40;
const SMALL_MESSAGES = 2000;
const BODY = Buffer.alloc(1024 * 1024, 'x');
const SMALL = Buffer.alloc(20_000, 'x');

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

test.for<[string, (socket: Socket) => void]>([
  ['closes its socket', (socket) => socket.destroy()],
  ['resets its socket', (socket) => socket.resetAndDestroy()],
  ['closes one half of its socket', (socket) => socket.end()],
])(
  'what could not be sent to a consumer without acks stays in the queue when it %s',
  async ([, leave], { openWire, named }) => {
    const queue = named('q');
    const [stuck, other] = [await openWire(), await openWire()];
    const channel = await other.openChannel();
    await channel.call('queue.declare', { queue });
    for (let i = 0; i < SMALL_MESSAGES; i++) channel.publish({ routingKey: queue }, SMALL);
    const state = async () => (await channel.call('queue.declare', { queue, passive: true })).arguments;
    await eventually(state, ({ messageCount }) => messageCount === SMALL_MESSAGES);
    const consuming = await stuck.openChannel();
    stuck.socket.pause();
    consuming.send('basic.consume', { queue, noAck: true });
    let before = SMALL_MESSAGES;
    const full = async (): Promise<boolean> => {
      const last = before;
      await new Promise((resolve) => setTimeout(resolve, 200));
      before = (await state()).messageCount;
      return before < SMALL_MESSAGES && before === last;
    };
    await eventually(full, (is) => is);
    leave(stuck.socket);
    await eventually(state, ({ consumerCount }) => consumerCount === 0);
    const { messageCount } = await state();
    // What RabbitMQ was about to write is lost to it.
    expect(messageCount).toBeGreaterThan(before - 300);
    expect(messageCount).toBeGreaterThan(500);
  },
);
