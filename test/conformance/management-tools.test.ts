/** What well-known tools ask the management API, and what they must be able to read in its answers. */
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Answer, askApi } from './api-client.ts';
import { startBroker, type TestBroker } from './broker.ts';
import { eventually } from './patience.ts';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.stop());

const ask = (method: string, path: string, body?: unknown): Promise<Answer> => askApi(broker, method, path, body);

/** Declares queues and gives the first of them messages, of which a consumer holds some back. */
async function load(queues: string[]): Promise<() => Promise<void>> {
  const connection = await connect(broker.url);
  const channel = await connection.createConfirmChannel();
  for (const queue of queues) await channel.assertQueue(queue, { durable: true });
  for (let i = 0; i < 5; i++) channel.sendToQueue(queues[0] as string, Buffer.from('x'));
  await channel.waitForConfirms();
  await channel.prefetch(2);
  await channel.consume(queues[0] as string, () => {});
  return () => connection.close();
}

/** Numbers as decoders of typed languages want them. */
const int = z.int();
const rate = z.object({ rate: z.number() });

describe('the scaler of KEDA', () => {
  const queueInfo = z.object({
    name: z.string(),
    messages: int,
    messages_ready: int,
    messages_unacknowledged: int,
    // Absent where nothing happened; then its rates are 0 to the scaler.
    message_stats: z.object({ publish_details: rate.optional(), deliver_get_details: rate.optional() }).optional(),
  });

  test('reads a queue by its name, one that is idle too', async () => {
    const done = await load(['keda.busy', 'keda.idle']);
    const busy = await eventually(
      async () => queueInfo.parse((await ask('GET', '/queues/%2F/keda.busy')).body),
      ({ messages_unacknowledged: unacked }) => unacked === 2,
    );
    expect(busy).toMatchObject({ messages: 5, messages_ready: 3 });
    const idle = queueInfo.parse((await ask('GET', '/queues/%2F/keda.idle')).body);
    expect(idle).toMatchObject({ messages: 0, messages_ready: 0, messages_unacknowledged: 0 });
    expect((await ask('GET', '/queues/%2F/keda.missing')).status).toBe(404);
    await done();
  });

  test('finds queues by a regular expression, page by page', async () => {
    await Promise.all(['keda.r1', 'keda.r2', 'keda.r3'].map((name) => ask('PUT', `/queues/%2F/${name}`, {})));
    const answer = await ask(
      'GET',
      '/queues/%2F?page=1&use_regex=true&pagination=false&name=%5Ekeda.r%5B12%5D&page_size=100',
    );
    const page = z.object({ items: z.array(queueInfo), page_count: int, total_count: int }).parse(answer.body);
    expect(page.items.map(({ name }) => name).sort()).toEqual(['keda.r1', 'keda.r2']);
    const second = await ask('GET', '/queues/%2F?page=2&use_regex=true&name=%5Ekeda.r&page_size=2');
    expect(second.body).toMatchObject({ page: 2, page_count: 2, filtered_count: 3, item_count: 1 });
  });
});

describe('the provider of Terraform puts, gets and removes', () => {
  const vhost = 'terraform';
  const resources: [name: string, path: string, body: object, read: object][] = [
    ['a vhost', '/vhosts/terraform.other', {}, { name: 'terraform.other' }],
    ['a user', '/users/terraform', { password: 'pw', tags: 'policymaker,monitoring' }, { name: 'terraform' }],
    [
      'permissions',
      `/permissions/${vhost}/terraform`,
      { configure: '^a', write: '.*', read: '' },
      { user: 'terraform', vhost, configure: '^a', write: '.*', read: '' },
    ],
    [
      'an exchange',
      `/exchanges/${vhost}/orders`,
      { type: 'topic', durable: true, auto_delete: false, arguments: { 'alternate-exchange': 'other' } },
      {
        name: 'orders',
        type: 'topic',
        durable: true,
        auto_delete: false,
        arguments: { 'alternate-exchange': 'other' },
      },
    ],
    [
      'a queue',
      `/queues/${vhost}/orders`,
      {
        durable: true,
        auto_delete: false,
        arguments: { 'x-message-ttl': 5000, 'x-max-length': 10, 'x-overflow': 'drop-head' },
      },
      {
        durable: true,
        auto_delete: false,
        arguments: { 'x-message-ttl': 5000, 'x-max-length': 10, 'x-overflow': 'drop-head' },
      },
    ],
    [
      'a policy',
      `/policies/${vhost}/limits`,
      { pattern: '^l', 'apply-to': 'queues', priority: 3, definition: { 'max-length': 10, 'ha-mode': 'all' } },
      { vhost, name: 'limits', pattern: '^l', 'apply-to': 'queues', priority: 3, definition: { 'max-length': 10 } },
    ],
    [
      'an operator policy',
      `/operator-policies/${vhost}/cap`,
      { pattern: '.*', 'apply-to': 'queues', priority: 0, definition: { 'max-length': 100 } },
      { vhost, name: 'cap', definition: { 'max-length': 100 } },
    ],
  ];

  beforeAll(async () => {
    await ask('PUT', `/vhosts/${vhost}`, {});
  });

  test.each(resources)('%s', async (_name, path, body, read) => {
    // As the provider asks it, the user of the permissions is there.
    if (path.startsWith('/permissions')) await ask('PUT', '/users/terraform', { password: 'pw', tags: '' });
    const wanted = path.startsWith('/policies') ? { ...body, definition: { 'max-length': 10 } } : body;
    expect((await ask('PUT', path, wanted)).status).toBe(201);
    const got = await ask('GET', path);
    expect(got.status).toBe(200);
    expect(got.body).toMatchObject(read);
    expect((await ask('PUT', path, wanted)).status).toBe(204);
    expect((await ask('DELETE', path)).status).toBe(204);
    expect([(await ask('GET', path)).status, (await ask('DELETE', path)).status]).toEqual([404, 404]);
  });

  test('topic permissions, which are a list for each user and vhost', async () => {
    await ask('PUT', '/users/terraform', { password: 'pw', tags: '' });
    const path = `/topic-permissions/${vhost}/terraform`;
    expect((await ask('PUT', path, { exchange: 'amq.topic', write: '^a', read: '^b' })).status).toBe(201);
    expect((await ask('GET', path)).body).toEqual([
      { user: 'terraform', vhost, exchange: 'amq.topic', write: '^a', read: '^b' },
    ]);
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('GET', path)).status).toBe(404);
  });

  test('a policy with keys that nobody knows is refused with their names', async () => {
    const body = { pattern: '.*', 'apply-to': 'queues', definition: { 'no-such-key': 1 } };
    const refused = await ask('PUT', `/policies/${vhost}/bad`, body);
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain('no-such-key');
  });

  test.each([
    ['a key', 'created.#', {}],
    ['no key', '', {}],
    ['a key with a slash and a tilde', 'a/b~c %', {}],
    ['arguments', 'k', { 'x-match': 'all', n: 12 }],
  ])('a binding with %s, by the last segment of its location', async (_name, key, args) => {
    await ask('PUT', `/exchanges/${vhost}/bound`, { type: 'topic', durable: true });
    await ask('PUT', `/queues/${vhost}/bound`, { durable: true });
    const pair = `/bindings/${vhost}/e/bound/q/bound`;
    const made = await ask('POST', pair, { routing_key: key, arguments: args });
    expect(made.status).toBe(201);
    const properties = made.headers.get('location')?.split('/').at(-1) ?? '';
    const got = await ask('GET', `${pair}/${properties}`);
    expect(got.body).toMatchObject({ source: 'bound', destination: 'bound', routing_key: key, arguments: args });
    const listed = (await ask('GET', pair)).body as { properties_key: string; routing_key: string }[];
    expect(listed.find(({ routing_key: other }) => other === key)?.properties_key).toBe(properties);
    expect((await ask('DELETE', `${pair}/${properties}`)).status).toBe(204);
    expect((await ask('GET', `${pair}/${properties}`)).status).toBe(404);
  });

  test('no shovel and no federation upstream, which are not here: the parameter is refused', async () => {
    for (const component of ['shovel', 'federation-upstream']) {
      const refused = await ask('PUT', `/parameters/${component}/${vhost}/x`, { value: { 'src-uri': 'amqp://' } });
      expect(refused.status).toBe(400);
    }
  });
});

const details = z.object({ rate: z.number() });
const counted = z.looseObject({ messages: int, messages_details: details });

describe('exporters read', () => {
  const overview = z.object({
    node: z.string().regex(/^rabbit@/),
    rabbitmq_version: z.string().regex(/^\d+\.\d+\.\d+/),
    erlang_version: z.string(),
    cluster_name: z.string(),
    object_totals: z.object({ channels: int, connections: int, consumers: int, exchanges: int, queues: int }),
    queue_totals: z.object({ messages: int, messages_ready: int, messages_unacknowledged: int }),
    message_stats: z.looseObject({ publish: int, publish_details: details }),
  });
  // What only RabbitMQ's own memory has (memory, messages_ram …) is left out here, and so in what they export.
  const queue = counted.extend({
    name: z.string(),
    vhost: z.string(),
    durable: z.boolean(),
    policy: z.string().nullable(),
    state: z.string(),
    consumers: int,
    consumer_utilisation: z.number().nullable().optional(),
    messages_ready: int,
    messages_unacknowledged: int,
    message_bytes: int,
    message_bytes_ready: int,
    message_bytes_unacknowledged: int,
    head_message_timestamp: z.number().nullable().optional(),
    messages_ready_details: details,
    messages_unacknowledged_details: details,
  });
  const node = z.object({
    name: z.string(),
    running: z.literal(true),
    uptime: int,
    partitions: z.array(z.string()),
    mem_used: int,
    mem_limit: int,
    mem_alarm: z.boolean(),
    disk_free: int,
    disk_free_limit: int,
    disk_free_alarm: z.boolean(),
    fd_used: int,
    fd_total: int,
    sockets_used: int,
    sockets_total: int,
    proc_used: int,
    proc_total: int,
    run_queue: int,
  });
  const connection = z.object({
    name: z.string(),
    vhost: z.string(),
    user: z.string(),
    node: z.string(),
    peer_host: z.string(),
    state: z.literal('running'),
    channels: int,
    recv_oct: int,
    recv_cnt: int,
    send_oct: int,
    send_cnt: int,
    send_pend: int,
    recv_oct_details: details,
    send_oct_details: details,
  });

  test('by kbudde: overview, queues, exchanges, connections, the node and its memory', async () => {
    const done = await load(['exported', 'exported.idle']);
    const { node: name } = overview.parse((await ask('GET', '/overview')).body);
    const queues = z.array(queue).parse((await ask('GET', '/queues')).body);
    expect(queues.find((row) => row.name === 'exported')?.messages).toBe(5);
    z.array(z.looseObject({ name: z.string(), vhost: z.string(), type: z.string() })).parse(
      (await ask('GET', '/exchanges')).body,
    );
    expect(z.array(connection).parse((await ask('GET', '/connections')).body)).toHaveLength(1);
    expect(z.array(node).parse((await ask('GET', '/nodes'))?.body)[0]?.name).toBe(name);
    const memory = (await ask('GET', `/nodes/${name}/memory`)).body;
    const kinds = ['connection_readers', 'queue_procs', 'plugins', 'mnesia', 'binary', 'code', 'atom', 'other_system'];
    z.object({ memory: z.looseObject(Object.fromEntries(kinds.map((kind) => [kind, int]))) }).parse(memory);
    expect((await ask('GET', '/aliveness-test/%2F')).body).toEqual({ status: 'ok' });
    // Plugins that are not here: the exporter leaves their metrics out.
    for (const plugin of ['/federation-links', '/shovels'])
      expect([200, 404]).toContain((await ask('GET', plugin)).status);
    await done();
  });

  test('by Datadog: vhosts, pages of queues, exchanges, connections of a vhost, and what lives', async () => {
    const done = await load(['datadog.a', 'datadog.b']);
    overview.parse((await ask('GET', '/overview')).body);
    const vhosts = z.array(z.looseObject({ name: z.string() })).parse((await ask('GET', '/vhosts')).body);
    expect(vhosts.map(({ name }) => name)).toContain('/');
    const page = await ask('GET', '/queues?page=1&page_size=500&disable_stats=false');
    z.object({ items: z.array(queue), page_count: int, total_count: int }).parse(page.body);
    const columns = 'name,vhost,messages,messages_ready,message_stats.publish_details.rate';
    const light = (await ask('GET', `/queues/%2F?columns=${columns}`)).body as Record<string, unknown>[];
    const row = light.find(({ name }) => name === 'datadog.a');
    expect(row).toMatchObject({ name: 'datadog.a', vhost: '/', messages: 5 });
    expect(Object.keys(row ?? {})).not.toContain('durable');
    const connections = await ask('GET', '/vhosts/%2F/connections');
    z.array(connection).parse(connections.body);
    z.array(node).parse((await ask('GET', '/nodes')).body);
    expect((await ask('GET', '/aliveness-test/%2F')).body).toEqual({ status: 'ok' });
    await done();
  });
});
