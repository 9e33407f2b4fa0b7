/** What a conformance test may ask for: a broker, connections that are closed after it, names that are deleted after it. */
import { randomBytes } from 'node:crypto';
import { type Channel, type ChannelModel, type ConfirmChannel, connect, type Options } from 'amqplib';
import { test as base } from 'vitest';
import { startBroker } from './broker.ts';
import { WireConnection, type WireOptions } from './wire-connection.ts';

export { describe, expect } from 'vitest';

const warrenTest = base
  /** Settings of Warren's environment, for a file that needs others. */
  .extend('settings', { scope: 'file' }, (): Record<string, string> => ({}))
  .extend('broker', { scope: 'file' }, async ({ settings }, { onCleanup }) => {
    const broker = await startBroker(settings);
    onCleanup(() => broker.stop());
    return broker;
  });

export const test = warrenTest
  /** Opens a connection of amqplib. */
  .extend('connect', ({ broker }, { onCleanup }) => {
    const models: ChannelModel[] = [];
    onCleanup(async () => {
      await Promise.allSettled(models.map((model) => model.close()));
    });
    return async (options: Options.Connect = {}): Promise<ChannelModel> => {
      const { host: hostname, port } = broker;
      const model = await connect({ hostname, port, username: 'guest', password: 'guest', heartbeat: 0, ...options });
      // A refusal is an event to amqplib, and an event of this name that nobody hears ends the process.
      model.on('error', () => {});
      models.push(model);
      return model;
    };
  })
  /** A connection of amqplib. */
  .extend('amqp', ({ connect }): Promise<ChannelModel> => connect())
  /** Opens one channel more on it. */
  .extend(
    'openChannel',
    ({ amqp }) =>
      async (): Promise<Channel> =>
        heard(await amqp.createChannel()),
  )
  .extend(
    'openConfirmChannel',
    ({ amqp }) =>
      async (): Promise<ConfirmChannel> =>
        heard(await amqp.createConfirmChannel()),
  )
  .extend('channel', ({ openChannel }) => openChannel())
  .extend('confirmChannel', ({ openConfirmChannel }) => openConfirmChannel())
  /** Opens a connection without a client library. */
  .extend('openWire', ({ broker }, { onCleanup }) => {
    const wires: WireConnection[] = [];
    onCleanup(() => {
      for (const wire of wires) wire.close();
    });
    return async (options?: WireOptions): Promise<WireConnection> => {
      const wire = await WireConnection.open(broker, options);
      wires.push(wire);
      return wire;
    };
  })
  /** A connection of which nothing but the socket is open. */
  .extend('dial', ({ broker }, { onCleanup }) => {
    const wires: WireConnection[] = [];
    onCleanup(() => {
      for (const wire of wires) wire.close();
    });
    return (): WireConnection => {
      const wire = new WireConnection(broker);
      wires.push(wire);
      return wire;
    };
  })
  .extend('wire', ({ openWire }) => openWire())
  /** Makes a name that no other test has; the queue or exchange of that name is deleted after the test. */
  .extend('named', ({ broker }, { onCleanup }) => {
    const names: string[] = [];
    onCleanup(async () => {
      if (names.length === 0) return;
      const model = await connect(broker.url);
      const channel = await model.createChannel();
      for (const name of names) {
        await channel.deleteQueue(name);
        await channel.deleteExchange(name);
      }
      await model.close();
    });
    return (label: string): string => {
      const name = `${label}-${randomBytes(6).toString('hex')}`;
      names.push(name);
      return name;
    };
  });

function heard<T extends Channel>(channel: T): T {
  channel.on('error', () => {});
  return channel;
}
