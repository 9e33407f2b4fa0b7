/** One thread of the generator: opens its share of the connections, runs them when told, and sends what they found. */
import { parentPort, workerData } from 'node:worker_threads';
import { RunClock } from './clock.ts';
import { Consumer } from './consumer.ts';
import { packLatency } from './latency.ts';
import { QueueLedger } from './ledger.ts';
import { Link } from './link.ts';
import type { ProducerPlan } from './plan.ts';
import { Producer } from './producer.ts';
import { Tally } from './tally.ts';
import type { ThreadOrder, ThreadReport, ThreadResult, ThreadTask } from './thread-protocol.ts';

const task = workerData as ThreadTask;
const { options, plan, thread } = task;
const around = {
  clock: new RunClock(task.baseNs),
  tally: new Tally(plan.threads, task.tally),
  thread,
  latency: options.latency,
};
const links: Link[] = [];
const producers: Producer[] = [];
const consumers: Consumer[] = [];
const ledgers = new Map<number, QueueLedger>();

parentPort?.on('message', (order: ThreadOrder) => void follow(order).catch(failed));
open().catch(failed);

async function follow(order: ThreadOrder): Promise<void> {
  if (order === 'start') for (const producer of producers) producer.start();
  else if (order === 'stop') {
    for (const producer of producers) await producer.stop();
    report({ kind: 'stopped' });
  } else {
    for (const consumer of consumers) consumer.finish();
    await Promise.all(links.map((link) => link.close()));
    report({ kind: 'finished', result: result() });
    parentPort?.close();
  }
}

async function open(): Promise<void> {
  for (const { thread: owner, queues } of plan.consumers) if (owner === thread) await openConsumer(queues);
  for (const producer of plan.producers) if (producer.thread === thread) await openProducer(producer);
  report({ kind: 'ready' });
}

async function openConsumer(queues: readonly number[]): Promise<void> {
  const link = await openLink();
  const run = options.drain ? undefined : task.run;
  const consumer = new Consumer({ ...around, link, ackEvery: options.ackEvery, run });
  consumers.push(consumer);
  if (options.prefetch > 0) await link.request('basic.qos', { prefetchCount: options.prefetch }, 'basic.qos-ok');
  link.divert(consumer);
  for (const queue of queues) {
    const ledger = ledgers.get(queue) ?? new QueueLedger(!options.drain);
    ledgers.set(queue, ledger);
    await consumer.subscribe(queue, plan.queues[queue] as string, ledger);
  }
}

async function openProducer({ index, sources }: ProducerPlan): Promise<void> {
  const link = await openLink();
  const total = plan.producers.length;
  const ratePerSecond = options.rate / total;
  const limits = {
    ...options,
    copies: plan.copies,
    producers: total,
    count: Math.floor((options.count + total - 1 - index) / total),
    ratePerSecond,
    phaseNs: ratePerSecond > 0 ? (index / total) * (1e9 / ratePerSecond) : 0,
  };
  const ringSources = sources.map(({ id, routingKey }) => ({ id, exchange: plan.exchange, routingKey }));
  const producer = new Producer({ ...around, link }, ringSources, options, task.run, limits);
  producers.push(producer);
  if (options.confirmWindow > 0) await link.request('confirm.select', {}, 'confirm.select-ok');
  link.divert(producer);
}

async function openLink(): Promise<Link> {
  const link = await Link.open(task.url);
  link.onFailure = failed;
  links.push(link);
  return link;
}

function result(): ThreadResult {
  const found = consumers.flatMap((consumer) => consumer.ledgers());
  const own = plan.producers.filter((producer) => producer.thread === thread);
  return {
    published: own.flatMap(({ sources }, i) =>
      sources.map((source, n) => [source.id, producers[i]?.ring.publishedOf(n) ?? 0] as const),
    ),
    confirmed: sum(producers, (producer) => producer.confirmed),
    nacked: sum(producers, (producer) => producer.nacked),
    returned: sum(producers, (producer) => producer.returned),
    strayConfirms: sum(producers, (producer) => producer.confirms?.stray ?? 0),
    consumed: sum(consumers, (consumer) => consumer.consumed),
    foreign: sum(consumers, (consumer) => consumer.foreign),
    redelivered: sum(found, (ledger) => ledger.redelivered),
    duplicated: sum(found, (ledger) => ledger.duplicated),
    disordered: sum(found, (ledger) => ledger.disordered),
    queues: [...ledgers].map(([queue, ledger]) => ({ queue, seen: ledger.seen(), gaps: ledger.gaps })),
    lastPublishedNs: Math.max(0, ...producers.map((producer) => producer.lastPublishedNs)),
    lastSettledNs: Math.max(0, ...producers.map((producer) => producer.lastSettledNs)),
    lastConsumedNs: Math.max(0, ...consumers.map((consumer) => consumer.lastConsumedNs)),
    latency: consumers.map((consumer) => packLatency(consumer.latency)),
    confirmLatency: producers.map((producer) => packLatency(producer.confirmLatency)),
  };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function failed(error: Error): void {
  report({ kind: 'failed', reason: error.message });
}

function report(message: ThreadReport): void {
  parentPort?.postMessage(message);
}
