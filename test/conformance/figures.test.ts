/** What the management API counts, while real clients do what is counted. */
import { type Channel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePorts, startBroker, type TestBroker } from './broker.ts';
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
