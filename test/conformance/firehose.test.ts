/** The firehose: what is published to a vhost and delivered from it, for whoever traces. */
import { findField } from '../../lib/amqp/field-table.ts';
import { list, number, text } from './field.ts';
import { test as conformanceTest, describe, expect } from './fixtures.ts';
import type { WireChannel } from './wire-channel.ts';

/** Tracing is switched beside AMQP, so only a broker of our own can be asked for it. */
const test = conformanceTest.extend('admin', ({ broker }) => {
  if (!broker.administrator) throw new Error('this broker cannot be administered from here');
  return broker.administrator;
});

interface Trace {
  key: string;
  body: string;
  headers: Record<string, unknown>;
}

async function traces(channel: WireChannel, count: number): Promise<Trace[]> {
  const found: Trace[] = [];
  while (found.length < count) {
    const { arguments: delivery, content } = await channel.next('basic.deliver');
    const headers = Object.fromEntries(content.properties.headers ?? []);
    found.push({ key: delivery.routingKey, body: content.body.toString(), headers });
  }
  return found;
}

describe.skipIf(process.env.WARREN_CONFORMANCE_URL)('the firehose', () => {
  test('copies what is published and what is delivered, with all that is known of it', async ({
    admin,
    broker,
    openWire,
    named,
  }) => {
    const vhost = named('traced');
    await admin.putVhost({ name: vhost, tracing: true });
    const [wire, other] = [await openWire({ vhost }), await openWire({ vhost })];
    const [channel, watching] = [await wire.openChannel(3), await other.openChannel(1)];
    await watching.call('queue.declare', { queue: 'traces' });
    for (const routingKey of ['publish.#', 'deliver.#'])
      await watching.call('queue.bind', { queue: 'traces', exchange: 'amq.rabbitmq.trace', routingKey });
    await watching.call('basic.consume', { queue: 'traces', noAck: true });
    for (const queue of ['one', 'two']) await channel.call('queue.declare', { queue });
    const headers = [['CC', list('two')] as const, ['BCC', list('three')] as const, ['kind', text('x')] as const];
    channel.publish({ routingKey: 'one' }, 'body', {
      headers: headers.map(([name, field]) => [name, field]),
      contentType: 'text/plain',
      deliveryMode: 2,
      timestamp: 1_790_000_000n,
    });
    await channel.call('basic.get', { queue: 'one', noAck: true });
    await channel.call('basic.consume', { queue: 'two' });
    const [published, got, delivered] = await traces(watching, 3);
    const place = {
      vhost: text(vhost),
      connection: published?.headers.connection,
      channel: number(3),
      user: text('guest'),
      node: published?.headers.node,
    };
    const told = {
      exchange_name: text(''),
      routing_keys: list('one', 'two', 'three'),
      properties: {
        type: 'F',
        value: [
          ['timestamp', number(1_790_000_000)],
          ['delivery_mode', number(2)],
          [
            'headers',
            {
              type: 'F',
              value: [
                ['CC', list('two')],
                ['kind', text('x')],
              ],
            },
          ],
          ['content_type', text('text/plain')],
        ],
      },
    };
    expect(published).toEqual({
      key: 'publish.',
      body: 'body',
      headers: { ...told, ...place, routed_queues: list('one', 'three', 'two') },
    });
    expect(got).toEqual({ key: 'deliver.one', body: 'body', headers: { ...told, ...place, redelivered: number(0) } });
    expect(delivered).toEqual({
      key: 'deliver.two',
      body: 'body',
      headers: { ...told, ...place, redelivered: number(0) },
    });
    const connection = place.connection as { value: string };
    expect(connection.value).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+ -> 127\\.0\\.0\\.1:${broker.port}$`));
    expect((place.node as { value: string }).value).toMatch(/^rabbit@/);
    await admin.deleteVhost(vhost);
  });

  test('starts and ends for channels that are open; what is seen through it is not traced again', async ({
    admin,
    openWire,
    named,
  }) => {
    const vhost = named('traced');
    await admin.putVhost({ name: vhost });
    const channel = await (await openWire({ vhost })).openChannel();
    await channel.call('queue.declare', { queue: 'traces' });
    await channel.call('queue.bind', { queue: 'traces', exchange: 'amq.rabbitmq.trace', routingKey: '#' });
    const seen = async (body: string): Promise<string[]> => {
      channel.publish({ exchange: 'amq.fanout' }, body);
      const keys: string[] = [];
      for (;;) {
        const reply = await channel.call('basic.get', { queue: 'traces', noAck: true });
        if (reply.name === 'basic.get-empty') return keys;
        const { headers = [] } = reply.content?.properties ?? {};
        keys.push(
          `${reply.arguments.routingKey} ${reply.content?.body} ${findField(headers, 'redelivered') ? 'out' : 'in'}`,
        );
      }
    };
    expect(await seen('before')).toEqual([]);
    await admin.putVhost({ name: vhost, tracing: true });
    expect(await admin.vhost(vhost)).toMatchObject({ tracing: true });
    expect(await seen('between')).toEqual(['publish.amq.fanout between in']);
    // What is put without a word on it stays.
    await admin.putVhost({ name: vhost, description: 'mine' });
    expect(await seen('still')).toEqual(['publish.amq.fanout still in']);
    await admin.putVhost({ name: vhost, tracing: false });
    expect(await seen('after')).toEqual([]);
    await admin.deleteVhost(vhost);
  });
});
