/** What the broker counts, as one plain sample. Costs one pass over queues and exchanges, once a second. */
import type { Traffic } from '../../broker/activity.ts';
import type { Broker } from '../../broker/broker.ts';
import type { Exchange } from '../../broker/exchange.ts';
import type { Queue } from '../../broker/queue.ts';
import type { Listener } from '../../server/listener.ts';
import type { HandedCounters, Totals } from '../port.ts';
import { EXCHANGE_COLUMNS, QUEUE_COLUMNS, rowKey, type Sample } from '../sample.ts';

/** Keys that are null: those of the table before. */
export interface SentTable {
  keys: string[] | null;
  values: Float64Array<ArrayBuffer>;
}

/** A sample on its way to the main thread: names travel only when they changed. */
export interface SentSample extends Omit<Sample, 'queues' | 'exchanges'> {
  queues: SentTable;
  exchanges: SentTable;
}

export class Sampler {
  private readonly broker: Broker;
  private readonly listener: Listener;
  private readonly queues = new Roster<Queue>(QUEUE_COLUMNS.length, queueRow);
  private readonly exchanges = new Roster<Exchange>(EXCHANGE_COLUMNS.length, exchangeRow);

  constructor(broker: Broker, listener: Listener) {
    this.broker = broker;
    this.listener = listener;
  }

  /** To be called once a second: what is told of consumers is a mean over these moments. */
  take(): SentSample {
    const { broker } = this;
    const vhosts = [...broker.vhosts.values()];
    for (const { queues } of vhosts) for (const { consumers } of queues.values()) consumers.look();
    return {
      atMs: broker.clock.now(),
      totals: totals(broker, this.listener),
      queues: this.queues.take(vhosts.map(({ queues }) => queues)),
      exchanges: this.exchanges.take(vhosts.map(({ exchanges }) => exchanges)),
    };
  }
}

/** Remembers which objects the last table had, so that it can say that they are the same. */
class Roster<T extends { vhost: string; name: string }> {
  private objects: T[] = [];
  private readonly width: number;
  private readonly write: (object: T, into: Float64Array, at: number) => void;

  constructor(width: number, write: (object: T, into: Float64Array, at: number) => void) {
    this.width = width;
    this.write = write;
  }

  take(groups: ReadonlyMap<string, T>[]): SentTable {
    const { objects, width } = this;
    const count = groups.reduce((sum, { size }) => sum + size, 0);
    const values = new Float64Array(count * width);
    let changed = count !== objects.length;
    let row = 0;
    for (const group of groups) {
      for (const object of group.values()) {
        if (objects[row] !== object) {
          changed = true;
          objects[row] = object;
        }
        this.write(object, values, row * width);
        row++;
      }
    }
    objects.length = count;
    return { keys: changed ? objects.map(({ vhost, name }) => rowKey(vhost, name)) : null, values };
  }
}

/** In the order of QUEUE_COLUMNS. */
function queueRow(queue: Queue, into: Float64Array, at: number): void {
  const { counters } = queue;
  into[at] = queue.readyCount;
  into[at + 1] = queue.unackedCount;
  into[at + 2] = counters.published;
  into[at + 3] = counters.delivered;
  into[at + 4] = counters.acked;
  into[at + 5] = counters.redelivered;
  into[at + 6] = counters.expired;
  into[at + 7] = counters.rejected;
  into[at + 8] = counters.overflowed;
  into[at + 9] = counters.deliveryLimited;
  into[at + 10] = counters.deadLettersIn;
  into[at + 11] = queue.consumers.all.length;
  into[at + 12] = counters.deliveredNoAck;
  into[at + 13] = counters.got;
  into[at + 14] = counters.gotNoAck;
  into[at + 15] = counters.gotEmpty;
}

/** In the order of EXCHANGE_COLUMNS. */
function exchangeRow(exchange: Exchange, into: Float64Array, at: number): void {
  into[at] = exchange.publishedCount;
  into[at + 1] = exchange.routedCount;
  into[at + 2] = exchange.unroutableCount;
}

function handed(traffic: Traffic[]): HandedCounters {
  const sum = { delivered: 0, deliveredNoAck: 0, got: 0, gotNoAck: 0, gotEmpty: 0 };
  for (const one of traffic) {
    sum.delivered += one.deliveredManualAck;
    sum.deliveredNoAck += one.deliveredAutoAck;
    sum.got += one.gotManualAck;
    sum.gotNoAck += one.gotAutoAck;
    sum.gotEmpty += one.gotEmpty;
  }
  return sum;
}

export function totals(broker: Broker, listener: Listener): Totals {
  const sums = { ready: 0, unacked: 0, consumers: 0, queues: 0, exchanges: 0 };
  for (const vhost of broker.vhosts.values()) {
    sums.queues += vhost.queues.size;
    sums.exchanges += vhost.exchanges.size;
    for (const queue of vhost.queues.values()) {
      sums.ready += queue.readyCount;
      sums.unacked += queue.unackedCount;
      sums.consumers += queue.consumers.all.length;
    }
  }
  const { activity } = broker;
  return {
    ...sums,
    flow: { ...broker.flow },
    churn: {
      connectionsOpened: activity.connectionsOpened,
      connectionsClosed: activity.connectionsClosed,
      channelsOpened: activity.channelsOpened,
      channelsClosed: activity.channelsClosed,
      queuesDeclared: activity.queuesDeclared,
      queuesCreated: activity.queuesCreated,
      queuesDeleted: activity.queuesDeleted,
    },
    handed: handed(Object.values(activity.traffic)),
    confirmed: activity.confirmed,
    connections: listener.connections.size,
    channels: listener.channelCount,
    messageBytes: broker.store.bytes,
    residentBytes: process.memoryUsage.rss(),
  };
}
