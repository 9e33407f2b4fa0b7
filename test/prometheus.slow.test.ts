/** Warren under a real Prometheus: what the overview dashboard of RabbitMQ asks has answers. Skipped without one. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePorts, startBroker, type TestBroker } from './conformance/broker.ts';

const hasPrometheus = ['promtool', 'prometheus'].every((name) => spawnSync(name, ['--version']).status === 0);
const QUEUES = 10_000;

let broker: TestBroker;
let model: ChannelModel;
let metrics: string;

beforeAll(async () => {
  const [port] = await freePorts(1);
  metrics = `http://127.0.0.1:${port}/metrics`;
  broker = await startBroker({ WARREN_PROMETHEUS_PORT: String(port) });
  model = await connect(broker.url);
});
afterAll(async () => {
  await model?.close();
  await broker?.stop();
});

describe.skipIf(!hasPrometheus)('with a Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'warren-prometheus-'));
  let prometheus: ChildProcess | undefined;
  let api: string;

  beforeAll(async () => {
    const [port] = await freePorts(1);
    api = `http://127.0.0.1:${port}/api/v1`;
    const target = new URL(metrics).host;
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: {scrape_interval: 1s}\nscrape_configs:\n  - job_name: rabbitmq\n    static_configs: [{targets: ['${target}']}]\n`,
    );
    const args = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
    prometheus = spawn('prometheus', [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
    await vi.waitFor(
      async () => {
        if ((await ask('up'))[0]?.[0] !== '1') throw new Error('nothing was scraped yet');
      },
      { timeout: 50_000, interval: 500 },
    );
  });
  afterAll(async () => {
    if (prometheus && prometheus.exitCode === null) {
      prometheus.kill('SIGTERM');
      await once(prometheus, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** Values with their labels, without those that Prometheus gives itself. */
  async function ask(query: string): Promise<[value: string, labels: Record<string, string>][]> {
    const response = await fetch(`${api}/query?query=${encodeURIComponent(query)}`).catch(() => null);
    if (!response?.ok) return [];
    const { data } = (await response.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return data.result.map(({ metric: { __name__, instance, job, ...labels }, value }) => [value[1], labels]);
  }

  test.each(['', '/per-object', '/detailed?family=queue_metrics&family=queue_coarse_metrics&family=channel_metrics'])(
    'promtool finds no fault with /metrics%s',
    async (path) => {
      const text = await (await fetch(metrics + path)).text();
      const checked = spawnSync('promtool', ['check', 'metrics'], { input: text });
      expect([checked.status, String(checked.stderr)]).toEqual([0, '']);
    },
  );

  test('panels of the overview dashboard show what is going on', async () => {
    const channel = await model.createConfirmChannel();
    const { queue } = await channel.assertQueue('watched', { autoDelete: true });
    await channel.consume(queue, (message) => message && channel.ack(message));
    const joined = (metric: string): string =>
      `${metric} * on(instance, job) group_left(rabbitmq_cluster) rabbitmq_identity_info{rabbitmq_endpoint="aggregated", namespace=""}`;
    const rates = {
      received: joined('sum(rate(rabbitmq_global_messages_received_total[10s])) by (instance, job)'),
      confirmed: joined('sum(rate(rabbitmq_global_messages_confirmed_total[10s])) by (instance, job)'),
      acked: joined('sum(irate(rabbitmq_global_messages_acknowledged_total[10s])) by (instance, job)'),
      delivered: joined(
        'sum(rate(rabbitmq_global_messages_delivered_consume_auto_ack_total[10s]) + rate(rabbitmq_global_messages_delivered_consume_manual_ack_total[10s])) by (instance, job)',
      ),
      small: joined('sum(rate(rabbitmq_message_size_bytes_bucket{le="100.0"}[10s])) by (instance, job)'),
    };
    const publishing = setInterval(() => channel.sendToQueue(queue, Buffer.from('x')), 20);
    for (const [name, query] of Object.entries(rates)) {
      const rate = async () => Number((await ask(query))[0]?.[0] ?? 0);
      await expect.poll(rate, { timeout: 20_000, interval: 500, message: name }).toBeGreaterThan(10);
    }
    clearInterval(publishing);
    await channel.waitForConfirms();
    const unconfirmed =
      'rate(rabbitmq_global_messages_received_confirm_total[10s]) - rate(rabbitmq_global_messages_confirmed_total[10s])';
    expect(await ask(`count(${unconfirmed})`)).toEqual([['1', {}]]);
    for (const [name, value] of [
      ['rabbitmq_connections', '1'],
      ['rabbitmq_global_publishers', '1'],
      ['rabbitmq_consumers', '1'],
    ] as const) {
      expect((await ask(joined(`sum(${name}) by (instance, job)`)))[0]?.[0], name).toBe(value);
    }
    const [table] = await ask(
      'rabbitmq_erlang_uptime_seconds * on(instance, job) group_left(rabbitmq_version, erlang_version) rabbitmq_build_info',
    );
    expect(table?.[1]).toEqual({ rabbitmq_version: broker.version });
    await channel.close();
  });
});

test('ten thousand queues are scraped in less than a second, and messages do not wait for it', async () => {
  const channel = await model.createConfirmChannel();
  for (let i = 0; i < QUEUES; i++)
    channel.assertQueue(`many-${i}`, { durable: false, autoDelete: true }).catch(() => {});
  const { queue } = await channel.assertQueue('', { exclusive: true });
  let isDone = false;
  let slowestMs = 0;
  const publishing = (async () => {
    while (!isDone) {
      const since = performance.now();
      await new Promise<void>((resolve, reject) =>
        channel.sendToQueue(queue, Buffer.from('x'), {}, (error) => (error ? reject(error) : resolve())),
      );
      slowestMs = Math.max(slowestMs, performance.now() - since);
    }
  })();
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const since = performance.now();
    const text = await (await fetch(`${metrics}/per-object`)).text();
    fastestMs = Math.min(fastestMs, performance.now() - since);
    expect(text.match(/^rabbitmq_queue_messages_ready\{/gm)?.length).toBe(QUEUES + 1);
  }
  isDone = true;
  await publishing;
  expect(fastestMs).toBeLessThan(1000);
  // The same thread of this test reads the pages; what a whole page in the broker's thread would cost is far more.
  expect(slowestMs).toBeLessThan(500);
});
