/** A queue that is paused at the console, as programs see it, over a restart too; RabbitMQ has nothing like it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { expect, onTestFinished, test } from 'vitest';
import { askApi } from './api-client.ts';
import { startBroker, type TestBroker } from './broker.ts';
import { ConsoleClient } from './console-client.ts';
import { consume } from './inbox.ts';
import { eventually } from './patience.ts';

const QUEUE = { vhost: '/', name: 'work' };

async function start(dataDir: string): Promise<TestBroker> {
  const broker = await startBroker({ WARREN_DATA_DIR: dataDir });
  onTestFinished(() => broker.stop());
  return broker;
}

async function open({ url }: TestBroker) {
  const connection = await connect(url);
  onTestFinished(() => connection.close().catch(() => {}));
  return connection.createConfirmChannel();
}

/** What the broker says of the queue; a passive declare comes back after all that was sent to the client before. */
async function ready(channel: Awaited<ReturnType<typeof open>>): Promise<number> {
  return (await channel.checkQueue(QUEUE.name)).messageCount;
}

test.skipIf(process.env.WARREN_CONFORMANCE_URL !== undefined).for(['classic', 'quorum', 'stream'])(
  'a paused %s queue takes messages and gives none, also after a restart, until it is resumed',
  { timeout: 60_000 },
  async (type) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'warren-paused-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
    const broker = await start(dataDir);
    const before = await open(broker);
    await before.assertQueue(QUEUE.name, { durable: true, arguments: { 'x-queue-type': type } });
    await before.prefetch(10);
    const first = await consume(before, QUEUE.name);
    before.sendToQueue(QUEUE.name, Buffer.from('a'), { persistent: true });
    const [a] = await first.take(1);
    before.ack(a as NonNullable<typeof a>);
    await (await ConsoleClient.signedIn(broker)).act('POST', '/queue/pause', QUEUE);
    before.sendToQueue(QUEUE.name, Buffer.from('b'), { persistent: true });
    await before.waitForConfirms();
    const kept = type === 'stream' ? 2 : 1;
    expect(await ready(before)).toBe(kept);
    if (type !== 'stream') expect(await before.get(QUEUE.name)).toBe(false);
    await broker.stop();

    const again = await start(dataDir);
    const after = await open(again);
    const offset = type === 'stream' ? { arguments: { 'x-stream-offset': 1 } } : {};
    await after.prefetch(10);
    const second = await consume(after, QUEUE.name, offset);
    await after.assertQueue(QUEUE.name, { durable: true, arguments: { 'x-queue-type': type } });
    expect(await ready(after)).toBe(kept);
    const console = await ConsoleClient.signedIn(again);
    await console.act('POST', '/queue/resume', QUEUE);
    expect(await second.bodies(1)).toEqual(['b']);
    const { rows } = await (await console.send('GET', '/audit?limit=10')).json();
    const acts = rows.map(({ action, object }: { action: string; object: string }) => `${action} ${object}`);
    expect(acts).toEqual(expect.arrayContaining(['queue.pause work', 'queue.resume work']));
  },
);

test.skipIf(process.env.WARREN_CONFORMANCE_URL !== undefined)(
  'the management API knows no pause, as RabbitMQ knows none',
  async () => {
    const broker = await startBroker();
    onTestFinished(() => broker.stop());
    const channel = await open(broker);
    await channel.assertQueue(QUEUE.name);
    const { status, body } = await askApi(broker, 'POST', '/queues/%2F/work/actions', { action: 'pause' });
    expect([status, body.reason]).toEqual([400, 'unknown_action pause']);
    expect((await askApi(broker, 'PUT', '/queues/%2F/work/pause')).status).toBe(404);
    const console = await ConsoleClient.signedIn(broker);
    const shown = async () => (await (await console.send('GET', '/queue?vhost=%2F&name=work')).json()).isPaused;
    expect(await eventually(shown, (isPaused) => isPaused === false)).toBe(false);
  },
);
