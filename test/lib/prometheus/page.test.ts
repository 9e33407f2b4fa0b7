import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { createCommands } from '../../../lib/engine/embedded/commands.ts';
import { createMonitoring } from '../../../lib/engine/embedded/monitoring.ts';
import type { Monitoring } from '../../../lib/engine/figures.ts';
import { metricsPage } from '../../../lib/prometheus/page.ts';
import type { Listener } from '../../../lib/server/listener.ts';
import { BrokerFixture, number, text } from '../broker/broker-fixture.ts';
import { getOne } from '../broker/queue-fixture.ts';

let place: BrokerFixture;
let monitoring: Monitoring;
let commands: ReturnType<typeof createCommands>;

beforeEach(async () => {
  place = await BrokerFixture.start();
  const facts = {
    node: 'rabbit@here',
    version: '0.1.0',
    compatibleWith: '4.2.9',
    clusterName: 'rabbit@here',
    exchangeTypes: ['direct'],
    startedAtMs: place.clock.now() - 5000,
    amqpPort: 5672,
    amqpsPort: null,
    consolePort: 2,
    hosts: ['127.0.0.1'],
    dataDir: '/data',
    connectionsMax: null,
    memoryBytesMax: 1000,
    diskFreeBytesMin: 100,
  };
  const listener = { connections: new Set() } as unknown as Listener;
  commands = createCommands(place.broker, listener, facts);
  monitoring = createMonitoring(place.broker, listener, facts, () => 777);
});

async function scrape(target: string): Promise<string> {
  const { pathname, searchParams } = new URL(target, 'http://x');
  const pieces: string[] = [];
  for await (const piece of metricsPage(monitoring, pathname, searchParams) ?? []) pieces.push(piece);
  return pieces.join('');
}

/** Series by their text: `name{labels}` to value. */
async function seriesOf(target: string): Promise<Map<string, string>> {
  const lines = (await scrape(target)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const pairs = lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]);
  const series = new Map(pairs as [string, string][]);
  expect(series.size).toBe(lines.length);
  return series;
}

const OVERVIEW_NAMES = `
  rabbitmq_identity_info rabbitmq_build_info rabbitmq_erlang_uptime_seconds rabbitmq_connections rabbitmq_channels
  rabbitmq_queues rabbitmq_consumers rabbitmq_connections_opened_total rabbitmq_connections_closed_total
  rabbitmq_channels_opened_total rabbitmq_channels_closed_total rabbitmq_queues_declared_total
  rabbitmq_queues_created_total rabbitmq_queues_deleted_total rabbitmq_queue_messages_ready
  rabbitmq_queue_messages_unacked rabbitmq_queue_messages rabbitmq_resident_memory_limit_bytes
  rabbitmq_process_resident_memory_bytes rabbitmq_disk_space_available_bytes rabbitmq_disk_space_available_limit_bytes
  rabbitmq_global_publishers rabbitmq_global_consumers rabbitmq_global_messages_received_total
  rabbitmq_global_messages_received_confirm_total rabbitmq_global_messages_confirmed_total
  rabbitmq_global_messages_routed_total rabbitmq_global_messages_unroutable_dropped_total
  rabbitmq_global_messages_unroutable_returned_total rabbitmq_global_messages_delivered_total
  rabbitmq_global_messages_delivered_consume_auto_ack_total rabbitmq_global_messages_delivered_consume_manual_ack_total
  rabbitmq_global_messages_delivered_get_auto_ack_total rabbitmq_global_messages_delivered_get_manual_ack_total
  rabbitmq_global_messages_get_empty_total rabbitmq_global_messages_redelivered_total
  rabbitmq_global_messages_acknowledged_total rabbitmq_message_size_bytes_bucket rabbitmq_message_size_bytes_sum
  rabbitmq_message_size_bytes_count`
  .trim()
  .split(/\s+/);

describe('/metrics', () => {
  test('every name that the overview dashboard asks for is there from the first scrape on', async () => {
    const names = new Set([...(await seriesOf('/metrics')).keys()].map((series) => series.replace(/\{.*/, '')));
    expect(OVERVIEW_NAMES.filter((name) => !names.has(name))).toEqual([]);
  });

  test('the identity comes once, and says what page this is', async () => {
    for (const [path, endpoint] of [
      ['/metrics', 'aggregated'],
      ['/metrics/per-object', 'per-object'],
      ['/metrics/detailed?family=queue_metrics', 'detailed'],
    ]) {
      const identities = [...(await seriesOf(path as string))].filter(([name]) => name.includes('identity_info'));
      expect(identities).toHaveLength(1);
      expect(identities[0]).toEqual([
        expect.stringMatching(
          `^rabbitmq_identity_info\\{rabbitmq_node="rabbit@here",rabbitmq_cluster="rabbit@here",rabbitmq_cluster_permanent_id="rabbitmq-cluster-id-.{22}",rabbitmq_endpoint="${endpoint}"\\}$`,
        ),
        '1',
      ]);
    }
  });

  test('sizes of messages have the spellings of bounds that dashboards look for', async () => {
    place.queue('q');
    for (const size of [0, 100, 101, 1_000_000]) place.publish('', 'q', 'x'.repeat(size));
    const series = await seriesOf('/metrics');
    const buckets = [...series].filter(([name]) => name.startsWith('rabbitmq_message_size_bytes'));
    expect(buckets.map(([name, value]) => [name.replace('rabbitmq_message_size_bytes', ''), value])).toEqual([
      ['_bucket{protocol="amqp091",le="100.0"}', '2'],
      ['_bucket{protocol="amqp091",le="1000.0"}', '3'],
      ['_bucket{protocol="amqp091",le="10000.0"}', '3'],
      ['_bucket{protocol="amqp091",le="100000.0"}', '3'],
      ['_bucket{protocol="amqp091",le="1e+06"}', '4'],
      ['_bucket{protocol="amqp091",le="1e+07"}', '4'],
      ['_bucket{protocol="amqp091",le="5e+07"}', '4'],
      ['_bucket{protocol="amqp091",le="1e+08"}', '4'],
      ['_bucket{protocol="amqp091",le="+Inf"}', '4'],
      ['_count{protocol="amqp091"}', '4'],
      ['_sum{protocol="amqp091"}', '1000201'],
    ]);
  });

  test('messages by type of queue and way of delivery; copies count as routed', async () => {
    const classic = place.queue('c');
    const quorum = place.queue('q', { durable: true, arguments: text('x-queue-type', 'quorum') });
    for (const name of ['c', 'q']) place.bind('amq.fanout', name);
    for (let i = 0; i < 3; i++) place.publish('amq.fanout', '');
    place.publish('', 'nowhere');
    getOne(classic, true);
    const got = getOne(quorum);
    quorum.requeue([got?.ticket ?? -1]);
    const again = getOne(quorum);
    quorum.ack(again?.ticket ?? -1, 1);
    for (let i = 0; i < 3; i++) getOne(classic, true);
    const series = await seriesOf('/metrics');
    const of = (name: string, type = 'classic'): string | undefined =>
      series.get(`rabbitmq_global_messages_${name}_total{protocol="amqp091",queue_type="rabbit_${type}_queue"}`);
    expect(series.get('rabbitmq_global_messages_received_total{protocol="amqp091"}')).toBe('4');
    expect(series.get('rabbitmq_global_messages_routed_total{protocol="amqp091"}')).toBe('6');
    expect([of('delivered'), of('delivered_get_auto_ack'), of('get_empty'), of('acknowledged')]).toEqual([
      '3',
      '3',
      '1',
      '0',
    ]);
    expect(of('delivered_get_manual_ack', 'quorum')).toBe('2');
    expect([of('redelivered', 'quorum'), of('acknowledged', 'quorum'), of('delivered', 'stream')]).toEqual([
      '1',
      '1',
      '0',
    ]);
    expect(series.get('rabbitmq_queue_messages_ready')).toBe('2');
  });

  test('dead letters by reason and by what became of them', async () => {
    const dlx = text('x-dead-letter-exchange', '');
    place.queue('dead');
    place.queue('to', {
      arguments: [...dlx, ...text('x-dead-letter-routing-key', 'dead'), ...number('x-max-length', 1)],
    });
    place.queue('none', { arguments: number('x-max-length', 1) });
    for (const name of ['to', 'to', 'none', 'none', 'none']) place.publish('', name);
    const series = await seriesOf('/metrics');
    const of = (strategy: string): string | undefined =>
      series.get(
        `rabbitmq_global_messages_dead_lettered_maxlen_total{queue_type="rabbit_classic_queue",dead_letter_strategy="${strategy}"}`,
      );
    expect([of('at_most_once'), of('disabled'), of('at_least_once')]).toEqual(['1', '2', undefined]);
  });

  test('queues declared, created and deleted; logins by who asked', async () => {
    place.queue('q');
    place.queue('q');
    place.queue('r');
    place.broker.topology.deleteQueue(place.session, 'r', { unused: false, empty: false });
    place.broker.logins.amqp091.note(true);
    await commands.authenticate('guest', 'wrong', '127.0.0.1');
    const series = await seriesOf('/metrics');
    expect(['declared', 'created', 'deleted'].map((what) => series.get(`rabbitmq_queues_${what}_total`))).toEqual([
      '3',
      '2',
      '1',
    ]);
    expect(series.get('rabbitmq_auth_attempts_succeeded_total{protocol="amqp091"}')).toBe('1');
    expect(series.get('rabbitmq_auth_attempts_failed_total{protocol="http"}')).toBe('1');
    expect(series.get('rabbitmq_auth_attempts_total{protocol="http"}')).toBe('1');
  });

  test('what holds of the node', async () => {
    const series = await seriesOf('/metrics');
    expect(series.get('rabbitmq_erlang_uptime_seconds')).toBe('5');
    expect(series.get('rabbitmq_disk_space_available_bytes')).toBe('777');
    expect(series.get('rabbitmq_disk_space_available_limit_bytes')).toBe('100');
    expect(series.get('rabbitmq_resident_memory_limit_bytes')).toBe('1000');
    expect(series.get('rabbitmq_alarms_memory_used_watermark')).toBe('0');
  });
});

describe('/metrics/per-object', () => {
  test('has the figures of each queue with its names, whatever these are', async () => {
    place.queue('a"b');
    place.publish('', 'a"b', '12345');
    const series = await seriesOf('/metrics/per-object');
    expect(series.get('rabbitmq_queue_messages_ready{vhost="/",queue="a\\"b"}')).toBe('1');
    expect(series.get('rabbitmq_queue_messages_bytes{vhost="/",queue="a\\"b"}')).toBe('5');
    expect(
      series.get('rabbitmq_queue_info{vhost="/",queue="a\\"b",queue_type="rabbit_classic_queue",membership="leader"}'),
    ).toBe('1');
    expect(series.has('rabbitmq_queue_messages_ready')).toBe(false);
  });
});

describe('/metrics/detailed', () => {
  const names = async (target: string): Promise<string[]> =>
    [...(await seriesOf(target)).keys()].filter((name) => !/_info\{/.test(name) || name.includes('queue_info'));

  beforeEach(async () => {
    await place.broker.vhostCommands.put({ name: 'other' });
    const vhost = place.broker.vhosts.get('other');
    const user = place.session.user;
    user.permit({ user: 'guest', vhost: 'other', configure: '.*', write: '.*', read: '.*' });
    place.queue('q');
    place.queue('r');
    if (vhost) place.queue('there', {}, { ...place.session, vhost });
  });

  test('has nothing without a family', async () => {
    expect(await names('/metrics/detailed')).toEqual([]);
    expect(await names('/metrics/detailed?family=unknown')).toEqual([]);
  });

  test('has the families that are asked for, of the vhosts and queues that are asked for', async () => {
    const coarse = '/metrics/detailed?family=queue_coarse_metrics';
    expect(await names(coarse)).toHaveLength(9);
    expect(await names(`${coarse}&vhost=other`)).toEqual([
      'rabbitmq_detailed_queue_messages_ready{vhost="other",queue="there"}',
      'rabbitmq_detailed_queue_messages_unacked{vhost="other",queue="there"}',
      'rabbitmq_detailed_queue_messages{vhost="other",queue="there"}',
    ]);
    expect(await names(`${coarse}&vhost=other&vhost=/`)).toHaveLength(9);
    expect(await names('/metrics/detailed?family=queue_consumer_count&queue=r')).toEqual([
      'rabbitmq_detailed_queue_consumers{vhost="/",queue="r"}',
    ]);
  });

  test('a family that two groups have comes once', async () => {
    const target = '/metrics/detailed?family=queue_consumer_count&family=queue_metrics&queue=q';
    const consumers = (await names(target)).filter((name) => name.includes('consumers'));
    expect(consumers).toEqual(['rabbitmq_detailed_queue_consumers{vhost="/",queue="q"}']);
  });

  test('vhosts and exchanges are of the cluster', async () => {
    const series = await seriesOf(
      '/metrics/detailed?family=vhost_status&family=exchange_names&family=exchange_bindings&vhost=other',
    );
    expect(series.get('rabbitmq_cluster_vhost_status{vhost="other"}')).toBe('1');
    expect(series.has('rabbitmq_cluster_vhost_status{vhost="/"}')).toBe(false);
    expect(series.get('rabbitmq_cluster_exchange_name{vhost="other",exchange="amq.direct",type="direct"}')).toBe('1');
    expect(series.get('rabbitmq_cluster_exchange_bindings{vhost="other",exchange="amq.topic",type="topic"}')).toBe('0');
  });
});

test('a path that is none has no page', () => {
  expect(metricsPage(monitoring, '/', new URLSearchParams())).toBeNull();
});

test('ten thousand queues are looked at in slices: what comes meanwhile has its turn', async () => {
  for (let i = 0; i < 10_000; i++) place.queue(`q${i}`);
  let turns = 0;
  let isDone = false;
  const counting = (async () => {
    while (!isDone) {
      await setImmediate();
      turns++;
    }
  })();
  const { queues } = await monitoring.objectFigures(['queues']);
  isDone = true;
  await counting;
  expect(queues.names).toHaveLength(10_000);
  expect(turns).toBeGreaterThan(20);
});
