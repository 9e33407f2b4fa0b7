/** What publishers hear when memory or disk run short. */
import { startBroker, type TestBroker } from './broker.ts';
import { test as conformanceTest, describe, expect } from './fixtures.ts';
import { eventually, within } from './patience.ts';
import { WireConnection } from './wire-connection.ts';

const MEMORY = { WARREN_MEMORY_LIMIT: '1' };
const DISK = { WARREN_DISK_FREE_LIMIT: '999999GB' };

// biome-ignore lint/correctness/noEmptyPattern: vitest finds out what a fixture needs from the pattern.
const test = conformanceTest.extend('startShort', ({}, { onCleanup }) => {
  const brokers: TestBroker[] = [];
  onCleanup(async () => {
    await Promise.all(brokers.map((broker) => broker.stop()));
  });
  return async (settings: Record<string, string>): Promise<TestBroker> => {
    const broker = await startBroker(settings);
    brokers.push(broker);
    return broker;
  };
});

async function states(broker: TestBroker): Promise<Record<string, string>> {
  const list = (await broker.administrator?.listConnections()) ?? [];
  return Object.fromEntries(list.map(({ peerPort, state }) => [String(peerPort), state]));
}

describe.skipIf(process.env.WARREN_CONFORMANCE_URL)('a broker that is short of something', () => {
  test.for<[string, Record<string, string>]>([
    ['memory', MEMORY],
    ['disk', DISK],
    ['memory & disk', { ...MEMORY, ...DISK }],
  ])('says that it is low on %s to who publishes and can hear it', async ([what, settings], { startShort }) => {
    const broker = await startShort(settings);
    const publisher = await WireConnection.open(broker, { capabilities: ['connection.blocked'] });
    const consumer = await WireConnection.open(broker, { capabilities: ['connection.blocked'] });
    const own = String(publisher.socket.localPort);
    // The process is looked at once a second.
    expect(
      await eventually(
        () => states(broker),
        (all) => all[own] === 'blocking',
      ),
    ).toMatchObject({ [own]: 'blocking' });
    const channel = await publisher.openChannel(1);
    channel.publish({ routingKey: 'nowhere' }, 'x');
    expect((await publisher.zero.next('connection.blocked')).arguments.reason).toBe(`low on ${what}`);
    expect(await states(broker)).toMatchObject({ [own]: 'blocked' });
    const reading = await consumer.openChannel(1);
    await reading.call('queue.declare', { queue: 'q', exclusive: true });
    expect(consumer.zero.log).not.toContain('connection.blocked');
    publisher.close();
    consumer.close();
  });

  test('tells each publisher once, and nobody who did not say that it can hear it', async ({ startShort }) => {
    const broker = await startShort(DISK);
    const hearing = await WireConnection.open(broker, { capabilities: ['connection.blocked'] });
    const deaf = await WireConnection.open(broker, { capabilities: [] });
    for (const wire of [hearing, deaf]) {
      const channel = await wire.openChannel(1);
      for (let i = 0; i < 3; i++) channel.publish({ routingKey: 'nowhere' }, 'x');
    }
    await hearing.zero.next('connection.blocked');
    const ports = [hearing, deaf].map(({ socket }) => String(socket.localPort));
    await eventually(
      () => states(broker),
      (all) => ports.every((port) => all[port] === 'blocked'),
    );
    expect(await states(broker)).toMatchObject(Object.fromEntries(ports.map((port) => [port, 'blocked'])));
    // The next look at the disk finds nothing else.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const blocked = (wire: WireConnection) => wire.zero.log.filter((name) => name === 'connection.blocked').length;
    expect([blocked(hearing), blocked(deaf)]).toEqual([1, 0]);
    hearing.close();
    deaf.close();
  });

  test('closes a blocked connection when told to, and when it stops', async ({ startShort }) => {
    const broker = await startShort(DISK);
    const wires = [await WireConnection.open(broker), await WireConnection.open(broker)];
    for (const wire of wires) {
      const channel = await wire.openChannel(1);
      channel.publish({ routingKey: 'nowhere' }, 'x');
      const own = String(wire.socket.localPort);
      expect(
        await eventually(
          () => states(broker),
          (all) => all[own] === 'blocked',
        ),
      ).toMatchObject({ [own]: 'blocked' });
      expect(wire.zero.log).not.toContain('connection.blocked');
    }
    const [first, second] = wires as [WireConnection, WireConnection];
    await broker.administrator?.closeConnection(
      `127.0.0.1:${first.socket.localPort} -> 127.0.0.1:${broker.port}`,
      'bye',
    );
    expect((await first.zero.refusal()).text).toBe('CONNECTION_FORCED - bye');
    await within(first.ended, 'the end of the socket');
    const refusal = second.zero.refusal();
    await broker.stop();
    expect((await refusal).text).toBe("CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'");
  });
});
