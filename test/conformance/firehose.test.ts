/** The firehose: what is published to a vhost and delivered from it, for whoever traces. */
import { findField } from '../../lib/amqp/field-table.ts';
import { list, number, text } from './field.ts';
import { test as conformanceTest, describe, expect } from './fixtures.ts';
import type { WireChannel } from './wire-channel.ts';

const test = conformanceTest
  /** Asks the management API, which is what switches tracing; answers the body. */
  .extend('ask', ({ broker }) => async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`http://127.0.0.1:${broker.consolePort}/api${path}`, {
      method,
      headers: { authorization: `Basic ${btoa('guest:guest')}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${answer}`);
    return answer === '' ? undefined : JSON.parse(answer);
  })
  /** A vhost that is deleted after the test. */
  .extend('vhost', async ({ ask, named }, { onCleanup }) => {
    const vhost = named('traced');
    onCleanup(async () => {
      await ask('DELETE', `/vhosts/${vhost}`);
    });
    await ask('PUT', `/vhosts/${vhost}`, {});
    return vhost;
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

/** Takes the traces that are there, as "key body in" or "key body out". */
async function taken(channel: WireChannel): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const reply = await channel.call('basic.get', { queue: 'traces', noAck: true });
    if (reply.name === 'basic.get-empty') return found;
    const { headers = [] } = reply.content?.properties ?? {};
    const way = findField(headers, 'redelivered') ? 'out' : 'in';
    found.push(`${reply.arguments.routingKey} ${reply.content?.body} ${way}`);
  }
}

const isWithoutApi = process.env.WARREN_CONFORMANCE_URL !== undefined && !process.env.WARREN_CONFORMANCE_API_PORT;

describe.skipIf(isWithoutApi)('the firehose', () => {
  test('copies what is published and what is delivered, with all that is known of it', async ({
    ask,
    broker,
    openWire,
    vhost,
  }) => {
    await ask('PUT', `/vhosts/${vhost}`, { tracing: true });
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
    const common = {
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
      headers: { ...common, ...place, routed_queues: list('one', 'three', 'two') },
    });
    expect(got).toEqual({ key: 'deliver.one', body: 'body', headers: { ...common, ...place, redelivered: number(0) } });
    expect(delivered).toEqual({
      key: 'deliver.two',
      body: 'body',
      headers: { ...common, ...place, redelivered: number(0) },
    });
    const connection = place.connection as { value: string };
    expect(connection.value).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+ -> 127\\.0\\.0\\.1:${broker.port}$`));
    expect((place.node as { value: string }).value).toMatch(/^[\w-]+@/);
  });

  test('starts and ends for channels that are open; what is seen through it is not traced again', async ({
    ask,
    openWire,
    vhost,
  }) => {
    const channel = await (await openWire({ vhost })).openChannel();
    await channel.call('queue.declare', { queue: 'traces' });
    await channel.call('queue.bind', { queue: 'traces', exchange: 'amq.rabbitmq.trace', routingKey: '#' });
    const seen = (body: string): Promise<string[]> => {
      channel.publish({ exchange: 'amq.fanout' }, body);
      return taken(channel);
    };
    const isTraced = async (): Promise<boolean> => (await ask('GET', `/vhosts/${vhost}`)).tracing;
    expect(await isTraced()).toBe(false);
    expect(await seen('before')).toEqual([]);
    await ask('PUT', `/vhosts/${vhost}`, { tracing: true });
    expect(await isTraced()).toBe(true);
    expect(await seen('between')).toEqual(['publish.amq.fanout between in']);
    // What is put without a word on it stays.
    await ask('PUT', `/vhosts/${vhost}`, { description: 'mine' });
    expect(await seen('still')).toEqual(['publish.amq.fanout still in']);
    await ask('PUT', `/vhosts/${vhost}`, { tracing: false });
    expect(await seen('after')).toEqual([]);
    await ask('POST', '/definitions', { vhosts: [{ name: vhost, tracing: true }] });
    expect(await seen('imported')).toEqual(['publish.amq.fanout imported in']);
    const { vhosts } = (await ask('GET', '/definitions')) as { vhosts: { name: string }[] };
    expect(vhosts.find(({ name }) => name === vhost)).not.toHaveProperty('tracing');
  });

  test('tells of a transaction’s messages when they come, whatever becomes of them', async ({
    ask,
    openWire,
    vhost,
  }) => {
    await ask('PUT', `/vhosts/${vhost}`, { tracing: true });
    const channel = await (await openWire({ vhost })).openChannel();
    for (const queue of ['q', 'traces']) await channel.call('queue.declare', { queue });
    await channel.call('queue.bind', { queue: 'traces', exchange: 'amq.rabbitmq.trace', routingKey: '#' });
    await channel.call('tx.select', {});
    channel.publish({ routingKey: 'q' }, 'forgotten');
    expect(await taken(channel)).toEqual(['publish. forgotten in']);
    await channel.call('tx.rollback', {});
    channel.publish({ routingKey: 'q' }, 'kept');
    expect(await taken(channel)).toEqual(['publish. kept in']);
    await channel.call('tx.commit', {});
    expect(await taken(channel)).toEqual([]);
    expect(await channel.call('basic.get', { queue: 'q', noAck: true })).toMatchObject({ name: 'basic.get-ok' });
    expect(await taken(channel)).toEqual(['deliver.q kept out']);
  });

  test('tells of what the management API publishes and gets', async ({ ask, openWire, vhost }) => {
    await ask('PUT', `/vhosts/${vhost}`, { tracing: true });
    const channel = await (await openWire({ vhost })).openChannel();
    for (const queue of ['q', 'traces']) await channel.call('queue.declare', { queue });
    await channel.call('queue.bind', { queue: 'traces', exchange: 'amq.rabbitmq.trace', routingKey: '#' });
    await ask('POST', `/exchanges/${vhost}/amq.default/publish`, {
      ...{ properties: {}, routing_key: 'q', payload: 'by hand', payload_encoding: 'string' },
    });
    await expect.poll(() => taken(channel)).toEqual(['publish. by hand in']);
    await ask('POST', `/queues/${vhost}/q/get`, { count: 5, ackmode: 'ack_requeue_true', encoding: 'auto' });
    await expect.poll(() => taken(channel)).toEqual(['deliver.q by hand out']);
  });
});
