/** What the management API counts, while real clients do what is counted. */
import { setTimeout } from 'node:timers/promises';
import { type Channel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { History } from '../../lib/metrics/history.ts';
import { freePorts, startBroker, type TestBroker } from './broker.ts';
import { ConsoleClient } from './console-client.ts';
import { eventually } from './patience.ts';

let broker: TestBroker;
let connection: Awaited<ReturnType<typeof connect>>;
let channel: Channel;
let metricsPort: number;
beforeAll(async () => {
  [metricsPort] = (await freePorts(1)) as [number];
  broker = await startBroker({ WARREN_PROMETHEUS_PORT: String(metricsPort) });
  connection = await connect(broker.url);
  channel = await connection.createChannel();
});
afterAll(async () => {
  await connection.close();
  await broker.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what is looked at
async function ask(path: string, options: { method?: string; user?: string; body?: object } = {}): Promise<any> {
  const { method = 'GET', user = 'guest:guest', body } = options;
  const response = await fetch(`http://127.0.0.1:${broker.consolePort}/api${path}`, {
    method,
    headers: { authorization: `Basic ${btoa(user)}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return method === 'GET' && response.ok ? JSON.parse(text) : response.status;
}

// biome-ignore lint/suspicious/noExplicitAny: as above
const queue = (name: string, expected: (answer: any) => boolean) =>
  eventually(() => ask(`/queues/%2F/${name}`), expected);

describe('a queue', () => {
  test('tells deliveries from gets, and those with acknowledgement from those without', async () => {
    await channel.assertQueue('figures.kinds');
    for (let i = 0; i < 6; i++) channel.sendToQueue('figures.kinds', Buffer.from('x'));
    const first = await channel.get('figures.kinds', { noAck: true });
    expect(first).not.toBe(false);
    await channel.get('figures.kinds');
    const { consumerTag } = await channel.consume('figures.kinds', () => {}, { noAck: true });
    const answer = await queue('figures.kinds', ({ message_stats: stats }) => stats?.deliver_no_ack === 4);
    await channel.cancel(consumerTag);
    await channel.get('figures.kinds');
    const { message_stats: stats } = await ask('/queues/%2F/figures.kinds');
    expect(answer.message_stats).toMatchObject({ publish: 6, deliver: 0, deliver_get: 6 });
    expect(stats).toMatchObject({ get: 1, get_no_ack: 1, get_empty: 1, deliver_no_ack: 4, deliver_get: 6 });
    expect(stats.get_details).toEqual({ rate: expect.any(Number) });
  });

  test('names the single active consumer', async () => {
    await channel.assertQueue('figures.single', { arguments: { 'x-single-active-consumer': true } });
    expect((await ask('/queues/%2F/figures.single')).single_active_consumer_tag).toBeNull();
    await channel.consume('figures.single', () => {}, { consumerTag: 'first' });
    await channel.consume('figures.single', () => {}, { consumerTag: 'second' });
    const answer = await queue('figures.single', ({ consumers }) => consumers === 2);
    expect(answer.single_active_consumer_tag).toBe('first');
  });

  test('tells how much of the time somebody could take a message', async () => {
    await channel.assertQueue('figures.idle');
    await channel.consume('figures.idle', () => {});
    const idle = await queue('figures.idle', ({ consumer_capacity }) => consumer_capacity === 1);
    expect([idle.consumer_capacity, idle.consumer_utilisation]).toEqual([1, 1]);
    await channel.assertQueue('figures.busy');
    await channel.prefetch(1);
    channel.sendToQueue('figures.busy', Buffer.from('x'));
    await channel.consume('figures.busy', () => {});
    const busy = await queue(
      'figures.busy',
      ({ consumers, consumer_capacity }) => consumers === 1 && consumer_capacity < 1,
    );
    expect(busy.consumer_capacity).toBeLessThan(1);
    await channel.assertQueue('figures.nobody');
    expect((await ask('/queues/%2F/figures.nobody')).consumer_capacity).toBe(0);
  });
});

test('an exchange that delays tells how many messages wait in it', async () => {
  await channel.assertExchange('figures.delayed', 'x-delayed-message', { arguments: { 'x-delayed-type': 'direct' } });
  for (let i = 0; i < 3; i++)
    channel.publish('figures.delayed', 'k', Buffer.from('x'), { headers: { 'x-delay': 600_000 } });
  const path = '/exchanges/%2F/figures.delayed';
  const answer = await eventually(
    () => ask(path),
    ({ messages_delayed }) => messages_delayed === 3,
  );
  expect(answer.messages_delayed).toBe(3);
  expect((await ask('/exchanges/%2F/amq.direct')).messages_delayed).toBeUndefined();
});

describe('the overview', () => {
  test('counts what comes and goes', async () => {
    // The overview is of the newest sample: what tests before did is in it after a second.
    await setTimeout(1_100);
    const before = (await ask('/overview')).churn_rates;
    const another = await connect(broker.url);
    const second = await another.createChannel();
    await second.assertQueue('figures.churn');
    await second.assertQueue('figures.churn');
    await second.deleteQueue('figures.churn');
    await second.close();
    await another.close();
    const grown = (after: Record<string, number>, name: string): number => (after[name] ?? 0) - before[name];
    const { churn_rates: after } = await eventually(
      () => ask('/overview'),
      ({ churn_rates }) => grown(churn_rates, 'connection_closed') > 0,
    );
    const names = ['connection', 'channel'].flatMap((what) => [`${what}_created`, `${what}_closed`]);
    expect(names.map((name) => grown(after, name))).toEqual([1, 1, 1, 1]);
    expect(['declared', 'created', 'deleted'].map((verb) => grown(after, `queue_${verb}`))).toEqual([2, 1, 1]);
    expect(after.queue_created_details).toEqual({ rate: expect.any(Number) });
  });

  test('has the types that an exchange may have', async () => {
    const { exchange_types: types } = await ask('/overview');
    for (const type of ['direct', 'x-delayed-message', 'x-consistent-hash', 'x-local-random'])
      expect(types).toContainEqual({ name: type, description: expect.any(String), enabled: true });
  });

  test('tells rates of lengths, which may fall', async () => {
    const { queue_totals: totals } = await ask('/overview');
    expect(totals.messages_details).toEqual({ rate: expect.any(Number) });
  });
});

describe('a vhost', () => {
  test('tells what is done in it by all who are and were there, until it is gone', async () => {
    const vhost = '/vhosts/figures';
    const put = () => ask(vhost, { method: 'PUT', body: {} });
    await put();
    expect(await ask(vhost)).toMatchObject({ messages: 0, recv_oct: 0, send_oct: 0 });
    expect((await ask(vhost)).message_stats).toBeUndefined();
    for (let round = 1; round <= 2; round++) {
      const guest = await connect(`${broker.url}/figures`);
      const one = await guest.createConfirmChannel();
      await one.assertQueue('q');
      one.sendToQueue('q', Buffer.from('x'));
      one.sendToQueue('nowhere', Buffer.from('x'));
      await one.waitForConfirms();
      await one.get('q', { noAck: true });
      const stats = { publish: 2 * round, confirm: 2 * round, drop_unroutable: round, get_no_ack: round, ack: 0 };
      const there = await ask(vhost);
      expect(there.message_stats).toMatchObject({ ...stats, publish_details: { rate: expect.any(Number) } });
      await one.close();
      expect((await ask(vhost)).message_stats).toMatchObject(stats);
      await guest.close();
      const gone = await ask(vhost);
      expect(gone.message_stats).toMatchObject(stats);
      expect(gone.recv_oct).toBeGreaterThanOrEqual(there.recv_oct);
      expect(gone.recv_oct).toBeLessThan(5_000 * round);
    }
    await ask(vhost, { method: 'DELETE' });
    await put();
    expect((await ask(vhost)).message_stats).toBeUndefined();
  });

  test('counts what is published and got without a connection', async () => {
    await ask('/vhosts/figures.api', { method: 'PUT', body: {} });
    await ask('/queues/figures.api/q', { method: 'PUT', body: {} });
    const message = { routing_key: 'q', properties: {}, payload: 'x', payload_encoding: 'string' };
    await ask('/exchanges/figures.api/amq.default/publish', { method: 'POST', body: message });
    const get = { count: 1, ackmode: 'ack_requeue_false', encoding: 'auto' };
    for (let i = 0; i < 2; i++) await ask('/queues/figures.api/q/get', { method: 'POST', body: get });
    const { message_stats: stats } = await ask('/vhosts/figures.api');
    expect(stats).toMatchObject({ publish: 1, get: 1, ack: 1, get_empty: 1, deliver_get: 1 });
  });

  test('tells how fast its messages become more', async () => {
    await channel.assertQueue('figures.grow');
    const growing = await eventually(
      async () => {
        channel.sendToQueue('figures.grow', Buffer.from('x'));
        return ask('/vhosts/%2F');
      },
      ({ messages_ready_details: details }) => details.rate > 0,
    );
    expect(growing.messages_details.rate).toBeGreaterThan(0);
    await channel.deleteQueue('figures.grow');
  });
});

test('what only publishes has no figures of deliveries, and the other way round', async () => {
  const own = await connection.createChannel();
  const { queue: name } = await own.assertQueue('', { exclusive: true });
  own.sendToQueue(name, Buffer.from('x'));
  await own.checkQueue(name);
  const channelOf = async () => (await ask(`/queues/%2F/${name}`)).owner_pid_details;
  const { name: connectionName } = await channelOf();
  expect(connectionName).toMatch(/ -> /);
  const channels = await ask(`/connections/${encodeURIComponent(connectionName)}/channels`);
  const stats = channels.at(-1).message_stats;
  expect([stats.publish, stats.deliver_get]).toEqual([1, undefined]);
  const row = await ask(`/queues/%2F/${name}`);
  expect([row.message_stats.publish, row.message_stats.deliver_get]).toEqual([1, undefined]);
  await own.close();
});

test('a queue tells the timestamp of its first message', async () => {
  await channel.assertQueue('figures.head');
  expect((await ask('/queues/%2F/figures.head')).head_message_timestamp).toBeNull();
  channel.sendToQueue('figures.head', Buffer.from('x'), { timestamp: 1_700_000_000 });
  channel.sendToQueue('figures.head', Buffer.from('y'), { timestamp: 1_800_000_000 });
  await queue('figures.head', ({ messages }) => messages === 2);
  expect((await ask('/queues/%2F/figures.head')).head_message_timestamp).toBe(1_700_000_000);
  await channel.get('figures.head', { noAck: true });
  expect((await ask('/queues/%2F/figures.head')).head_message_timestamp).toBe(1_800_000_000);
});

test('a quorum queue tells how many of its dead letters wait for a queue', async () => {
  const sure = { 'x-queue-type': 'quorum', 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' };
  const target = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'figures.dead' };
  await channel.assertQueue('figures.sure', { arguments: { ...sure, ...target } });
  channel.sendToQueue('figures.sure', Buffer.from('x'));
  const got = await eventually(
    () => channel.get('figures.sure'),
    (one) => one !== false,
  );
  if (got) channel.nack(got, false, false);
  expect((await queue('figures.sure', (row) => row.messages_dlx === 1)).messages_dlx).toBe(1);
  await channel.assertQueue('figures.dead');
  expect((await queue('figures.sure', (row) => row.messages_dlx === 0)).messages_dlx).toBe(0);
});

test('an exchange tells who declared it', async () => {
  await ask('/users/figures', { method: 'PUT', body: { password: 'p', tags: 'management' } });
  await ask('/permissions/%2F/figures', { method: 'PUT', body: { configure: '.*', write: '.*', read: '.*' } });
  await ask('/exchanges/%2F/figures.mine', { method: 'PUT', user: 'figures:p', body: { durable: false } });
  const definitions = { exchanges: [{ name: 'figures.moved', vhost: '/', type: 'fanout' }] };
  await ask('/definitions', { method: 'POST', body: definitions });
  const by = async (name: string) => (await ask(`/exchanges/%2F/${name}`)).user_who_performed_action;
  expect(await Promise.all(['figures.mine', 'figures.moved', 'amq.topic'].map(by))).toEqual([
    'figures',
    'guest',
    'rmq-internal',
  ]);
});

test('the port of the metrics is one of the listeners', async () => {
  const metrics = { protocol: 'http/prometheus', port: metricsPort };
  const { listeners, contexts } = await ask('/overview');
  expect(listeners).toContainEqual(expect.objectContaining(metrics));
  expect(contexts).toContainEqual(expect.objectContaining({ ...metrics, port: String(metricsPort) }));
  expect(await ask(`/health/checks/port-listener/${metricsPort}`)).toMatchObject({ status: 'ok' });
  expect(await ask('/health/checks/protocol-listener/http%2Fprometheus')).toMatchObject({ status: 'ok' });
});

test('bytes in and out of a queue are in its history and in the metrics, and in no answer that RabbitMQ has', async () => {
  const name = 'figures.bytes';
  const client = await ConsoleClient.signedIn(broker);
  const own = await connection.createConfirmChannel();
  await own.assertQueue(name);
  const history = async () =>
    (await (await client.send('GET', `/history?scope=queue&vhost=%2F&name=${name}&spanMs=60000`)).json()) as History;
  // A rate needs two samples.
  await eventually(history, ({ atMs }) => atMs.length > 0);
  for (const bytes of [1000, 200]) own.sendToQueue(name, Buffer.alloc(bytes));
  await own.waitForConfirms();
  await own.get(name, { noAck: true });
  const moved = (values: number[] = []) => values.some((rate) => rate > 0);
  const { values } = await eventually(history, (past) => moved(past.values.deliveredBytes));
  expect(moved(values.publishedBytes)).toBe(true);
  const lines = (await (await fetch(`http://127.0.0.1:${metricsPort}/metrics/per-object`)).text()).split('\n');
  const labels = `{vhost="/",queue="${name}"}`;
  expect(lines).toContain(`warren_queue_messages_published_bytes_total${labels} 1200`);
  expect(lines).toContain(`warren_queue_messages_delivered_bytes_total${labels} 1000`);
  expect(JSON.stringify(await ask(`/queues/%2F/${name}`))).not.toMatch(/published_?bytes|delivered_?bytes/i);
  await own.deleteQueue(name);
  await own.close();
});

test('a channel’s traffic is in the metrics', async () => {
  const own = await connection.createConfirmChannel();
  const { queue: name } = await own.assertQueue('', { exclusive: true });
  for (const body of ['a', 'b', 'c']) own.sendToQueue(name, Buffer.from(body));
  await own.waitForConfirms();
  const got = await own.get(name);
  if (got) own.nack(got);
  await own.get(name, { noAck: true });
  const metrics = async (): Promise<string[]> =>
    (await (await fetch(`http://127.0.0.1:${metricsPort}/metrics/per-object`)).text()).split('\n');
  const value = (lines: string[], family: string, labels: RegExp) =>
    lines.flatMap((line) =>
      line.startsWith(`${family}{`) && labels.test(line) ? [Number(line.split(' ').at(-1))] : [],
    );
  const lines = await eventually(metrics, (page) => value(page, 'rabbitmq_channel_get_total', /channel=/).includes(1));
  const ofChannel = (family: string) => Math.max(...value(lines, `rabbitmq_channel_${family}`, / \(\d+\)"\}/));
  expect(ofChannel('messages_confirmed_total')).toBe(3);
  expect(ofChannel('messages_redelivered_total')).toBeGreaterThanOrEqual(1);
  expect(value(lines, 'rabbitmq_queue_messages_published_total', new RegExp(`queue="${name}"`))).toEqual([3]);
  await own.close();
});

describe('a login that was good a moment ago', () => {
  const whoami = () => ask('/whoami', { user: 'figures:old' });

  test('is not, once the password is another or the user is gone', async () => {
    await ask('/users/figures', { method: 'PUT', body: { password: 'old', tags: 'management' } });
    expect(await whoami()).toMatchObject({ name: 'figures' });
    expect(await whoami()).toMatchObject({ tags: ['management'] });
    await ask('/users/figures', { method: 'PUT', body: { password: 'old', tags: 'monitoring' } });
    expect(await whoami()).toMatchObject({ tags: ['monitoring'] });
    await ask('/users/figures', { method: 'PUT', body: { password: 'new', tags: 'management' } });
    expect(await whoami()).toBe(401);
    await ask('/users/figures', { method: 'PUT', body: { password: 'old', tags: 'management' } });
    expect(await whoami()).toMatchObject({ name: 'figures' });
    await ask('/users/figures', { method: 'DELETE' });
    expect(await whoami()).toBe(401);
  });
});
