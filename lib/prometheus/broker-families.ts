/** What is said of the whole broker, in RabbitMQ's names and labels. Every series is there from the first scrape on. */
import type { BrokerFigures, DeathFigures } from '../engine/figures.ts';
import { type Figure, sumOf, termsOf } from '../figures/figure.ts';
import { TRAFFIC_FIGURES, type TrafficCounters } from '../figures/traffic-figures.ts';
import { VHOST_FIGURES } from '../figures/vhost-figures.ts';
import type { Exposition } from './exposition.ts';
import { familyName } from './family-name.ts';
import type { ProcessFacts } from './process-facts.ts';

export type Endpoint = 'aggregated' | 'per-object' | 'detailed';

/** Every protocol that there is to publish and consume by. */
const AMQP091 = { protocol: 'amqp091' };
/** Dashboards look for these spellings, letter by letter. */
const LE: Readonly<Record<number, string>> = {
  100: '100.0',
  1000: '1000.0',
  10000: '10000.0',
  100000: '100000.0',
  1e6: '1e+06',
  1e7: '1e+07',
  5e7: '5e+07',
  1e8: '1e+08',
};
const TYPES = ['classic', 'quorum', 'stream'] as const;

/** The identity of the node, once on every page: dashboards join everything with it. */
export function writeIdentity(page: Exposition, figures: BrokerFigures, endpoint: Endpoint): void {
  const { node, clusterName, clusterId, compatibleWith, version } = figures;
  page.single('rabbitmq_identity_info', 'untyped', 'RabbitMQ node & cluster identity info', 1, {
    rabbitmq_node: node,
    rabbitmq_cluster: clusterName,
    rabbitmq_cluster_permanent_id: clusterId,
    rabbitmq_endpoint: endpoint,
  });
  page.single('rabbitmq_build_info', 'untyped', 'RabbitMQ & Erlang/OTP version info', 1, {
    rabbitmq_version: compatibleWith,
    prometheus_plugin_version: version,
    prometheus_client_version: version,
    // There is none.
    erlang_version: '',
    product_name: 'Warren',
    product_version: version,
  });
}

export function writeBroker(page: Exposition, figures: BrokerFigures, process: ProcessFacts): void {
  writeTotals(page, figures);
  writeNode(page, figures, process);
  writeSizes(page, figures);
  writeTraffic(page, figures);
  writeDeadLetters(page, figures);
  writeLogins(page, figures);
}

/** Families of the figures that all vhosts have together. What is global says its protocol. */
function writeTotals(page: Exposition, { measured, counters }: BrokerFigures): void {
  const values: Readonly<Record<string, number>> = { ...measured, ...counters };
  for (const [name, figure] of Object.entries<Figure>(VHOST_FIGURES)) {
    for (const family of figure.families) {
      const value = sumOf(termsOf(name, figure), (one) => values[one] as number);
      const labels = family.name.startsWith('global_') ? AMQP091 : {};
      page.single(familyName('rabbitmq_', family), figure.kind, family.help, value, labels);
    }
  }
}

function writeNode(page: Exposition, figures: BrokerFigures, process: ProcessFacts): void {
  const gauge = (name: string, help: string, value: number): void => page.single(name, 'gauge', help, value);
  const { startedAtMs, nowMs, alarms } = figures;
  gauge('rabbitmq_erlang_uptime_seconds', 'Node uptime', (nowMs - startedAtMs) / 1000);
  gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds', startedAtMs / 1000);
  gauge('rabbitmq_process_resident_memory_bytes', 'Memory used in bytes', process.residentBytes);
  gauge('rabbitmq_resident_memory_limit_bytes', 'Memory high watermark in bytes', figures.memoryBytesMax);
  gauge('rabbitmq_disk_space_available_bytes', 'Disk space available in bytes', figures.diskFreeBytes);
  gauge(
    'rabbitmq_disk_space_available_limit_bytes',
    'Free disk space low watermark in bytes',
    figures.diskFreeBytesMin,
  );
  if (process.openFds !== null) gauge('rabbitmq_process_open_fds', 'Open file descriptors', process.openFds);
  if (process.maxFds !== null) gauge('rabbitmq_process_max_fds', 'Open file descriptors limit', process.maxFds);
  gauge('rabbitmq_process_open_tcp_sockets', 'Open TCP sockets', figures.measured.connections);
  // A socket is a file descriptor, and nothing else limits them.
  if (process.maxFds !== null) gauge('rabbitmq_process_max_tcp_sockets', 'Open TCP sockets limit', process.maxFds);
  const alarm = (name: string, what: string, isOn: boolean): void =>
    gauge(`rabbitmq_alarms_${name}`, `is 1 if ${what} alarm is in effect`, isOn ? 1 : 0);
  alarm('memory_used_watermark', 'VM memory watermark', alarms.memory);
  alarm('free_disk_space_watermark', 'free disk space watermark', alarms.disk);
  // There is no such alarm here: it is never in effect.
  alarm('file_descriptor_limit', 'file descriptor limit', false);
}

function writeSizes(page: Exposition, { sizes }: BrokerFigures): void {
  const name = 'rabbitmq_message_size_bytes';
  page.family(name, 'histogram', 'Size of messages received from publishers');
  let count = 0;
  for (const [index, bound] of sizes.bounds.entries()) {
    count += sizes.counts[index] ?? 0;
    page.series(`${name}_bucket`, { ...AMQP091, le: LE[bound] ?? '+Inf' }, count);
  }
  page.series(`${name}_count`, AMQP091, count);
  page.series(`${name}_sum`, AMQP091, sizes.sum);
}

function writeTraffic(page: Exposition, { traffic }: BrokerFigures): void {
  for (const [name, figure] of Object.entries<Figure>(TRAFFIC_FIGURES)) {
    for (const family of figure.families) {
      const text = familyName('rabbitmq_', family);
      page.family(text, figure.kind, family.help);
      for (const type of TYPES) {
        const value = sumOf(termsOf(name, figure), (one) => traffic[type][one as keyof TrafficCounters]);
        page.series(text, { ...AMQP091, queue_type: `rabbit_${type}_queue` }, value);
      }
    }
  }
}

const STRATEGIES: Readonly<Record<keyof DeathFigures, string>> = {
  atLeastOnce: 'at_least_once',
  atMostOnce: 'at_most_once',
  disabled: 'disabled',
};
const REASONS = [
  ['rejected', 'due to basic.reject or basic.nack'],
  ['expired', 'due to message TTL exceeded'],
  ['maxlen', 'due to overflow drop-head or reject-publish-dlx'],
  ['delivery_limit', 'due to delivery-limit exceeded'],
] as const;

function writeDeadLetters(page: Exposition, { traffic }: BrokerFigures): void {
  for (const [reason, why] of REASONS) {
    const family = `rabbitmq_global_messages_dead_lettered_${reason}_total`;
    page.family(family, 'counter', `Total number of messages dead-lettered ${why}`);
    for (const type of ['classic', 'quorum'] as const) {
      for (const strategy of ['atLeastOnce', 'atMostOnce', 'disabled'] as const) {
        if (!canHappen(reason, type, strategy)) continue;
        const labels = { queue_type: `rabbit_${type}_queue`, dead_letter_strategy: STRATEGIES[strategy] };
        page.series(family, labels, traffic[type].dead[reason][strategy]);
      }
    }
  }
  page.single(
    'rabbitmq_global_messages_dead_lettered_confirmed_total',
    'counter',
    'Total number of messages dead-lettered and confirmed by target queues',
    traffic.quorum.deadConfirmed,
    { queue_type: 'rabbit_quorum_queue', dead_letter_strategy: STRATEGIES.atLeastOnce },
  );
}

/** Only quorum queues limit deliveries, and only they keep dead letters; what they drop for its length they cannot keep. */
function canHappen(reason: string, type: 'classic' | 'quorum', strategy: keyof DeathFigures): boolean {
  if (type === 'classic') return reason !== 'delivery_limit' && strategy !== 'atLeastOnce';
  return !(reason === 'maxlen' && strategy === 'atLeastOnce');
}

function writeLogins(page: Exposition, { logins }: BrokerFigures): void {
  const counter = (name: string, help: string, of: (one: { succeeded: number; failed: number }) => number): void => {
    page.family(name, 'counter', help);
    for (const protocol of ['amqp091', 'http'] as const) page.series(name, { protocol }, of(logins[protocol]));
  };
  counter('rabbitmq_auth_attempts_total', 'Total number of authorization attempts', (of) => of.succeeded + of.failed);
  counter(
    'rabbitmq_auth_attempts_succeeded_total',
    'Total number of successful authentication attempts',
    (of) => of.succeeded,
  );
  counter('rabbitmq_auth_attempts_failed_total', 'Total number of failed authentication attempts', (of) => of.failed);
}
