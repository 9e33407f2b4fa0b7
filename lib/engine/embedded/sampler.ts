/** What the broker counts, as one plain sample. Costs one pass over queues and exchanges, once a second. */

import type { Broker } from '../../broker/broker.ts';
import type { Exchange } from '../../broker/exchanges/exchange.ts';
import type { Queue } from '../../broker/queues/queue.ts';
import type { Traffic } from '../../broker/vhosts/activity.ts';
import type { Vhost } from '../../broker/vhosts/vhost.ts';
import type { Listener } from '../../server/listener.ts';
import {
  type ClosedQueue,
  EXCHANGE_COLUMNS,
  QUEUE_COLUMNS,
  QUEUE_TRAITS,
  rowKey,
  type SAMPLE_TABLES,
  type Sample,
  TOTAL_COLUMNS,
  type Totals,
  USER_COLUMNS,
} from '../sample.ts';

/** A table as it is sent; keys that are null are the keys of the table before. */
export interface SentTable {
  keys: string[] | null;
  values: Float64Array<ArrayBuffer>;
}

type Tables = Record<(typeof SAMPLE_TABLES)[number], SentTable>;

/** A sample on its way to the main thread, without the node: names travel only when they changed. */
export interface SentSample extends Omit<Sample, 'node' | keyof Tables>, Tables {}

/** How many clients are in a vhost. */
interface ClientCounts {
  connections: number;
  channels: number;
}

type Write<T> = (object: T, into: Float64Array, at: number) => void;

export class Sampler {
  private readonly broker: Broker;
  private readonly listener: Listener;
  private readonly queues: Roster<Queue>;
  private readonly exchanges = new Roster<Exchange>(EXCHANGE_COLUMNS.length, exchangeRow, ({ vhost, name }) =>
    rowKey(vhost, name),
  );
  private readonly vhosts: Roster<Vhost>;
  private readonly users = new Roster<{ name: string; connectionCount: number; channelCount: number }>(
    USER_COLUMNS.length,
    ({ connectionCount, channelCount }, into, at) => {
      into[at] = connectionCount;
      into[at + 1] = channelCount;
    },
    ({ name }) => rowKey(name, ''),
  );
  private clients = new Map<Vhost, ClientCounts>();

  constructor(broker: Broker, listener: Listener) {
    this.broker = broker;
    this.listener = listener;
    this.queues = new Roster(
      QUEUE_COLUMNS.length,
      (queue, into, at) => queueRow(queue, this.vhostOf(queue), into, at),
      ({ vhost, name }) => rowKey(vhost, name),
    );
    this.vhosts = new Roster(
      TOTAL_COLUMNS.length,
      (vhost, into, at) => {
        const totals = vhostTotals(vhost, this.clients.get(vhost));
        for (let i = 0; i < TOTAL_COLUMNS.length; i++) into[at + i] = totals[TOTAL_COLUMNS[i] as keyof Totals];
      },
      ({ name }) => rowKey(name, ''),
    );
  }

  /** To be called once a second: the figures of consumers are means over these calls. */
  take(): SentSample {
    const { broker } = this;
    const vhosts = [...broker.vhosts.values()];
    const closed: ClosedQueue[] = [];
    for (const { queues } of vhosts) {
      for (const { consumers, closedReason: reason, vhost, name } of queues.values()) {
        consumers.measure();
        if (reason !== null) closed.push({ vhost, name, reason });
      }
    }
    this.clients = clientsOf(this.listener);
    const table = this.vhosts.take([broker.vhosts]);
    const online = [...broker.users].filter(([, { connectionCount }]) => connectionCount > 0);
    return {
      atMs: broker.clock.now(),
      totals: this.totals(table.values),
      vhosts: table,
      queues: this.queues.take(vhosts.map(({ queues }) => queues)),
      exchanges: this.exchanges.take(vhosts.map(({ exchanges }) => exchanges)),
      users: this.users.take([new Map(online)]),
      closed,
    };
  }

  private totals(rows: Float64Array): Totals {
    const { flow, activity } = this.broker.counted();
    const sums = { ready: 0, unacked: 0, consumers: 0, queues: 0, exchanges: 0 };
    const width = TOTAL_COLUMNS.length;
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) {
      for (let at = TOTAL_COLUMNS.indexOf(name); at < rows.length; at += width) sums[name] += rows[at] as number;
    }
    const { connections, channelCount: channels } = this.listener;
    return { ...sums, connections: connections.size, channels, ...countersOf({ flow, activity }) };
  }

  private vhostOf({ vhost }: Queue): Vhost {
    return this.broker.vhosts.get(vhost) as Vhost;
  }
}

/** Remembers which objects the last table had, so that it can say that they are the same. */
class Roster<T> {
  private objects: T[] = [];
  private readonly width: number;
  private readonly write: Write<T>;
  private readonly keyOf: (object: T) => string;

  constructor(width: number, write: Write<T>, keyOf: (object: T) => string) {
    this.width = width;
    this.write = write;
    this.keyOf = keyOf;
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
    return { keys: changed ? objects.map(this.keyOf) : null, values };
  }
}

/** Writes the row of a queue, in the order of QUEUE_COLUMNS. */
function queueRow(queue: Queue, { deadLetters }: Vhost, into: Float64Array, at: number): void {
  const { counters, options } = queue;
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
  into[at + 16] = queue.readyBytes;
  into[at + 17] = options.lengthMax ?? -1;
  into[at + 18] = options.bytesMax ?? -1;
  into[at + 19] =
    (options.type === 'stream' ? QUEUE_TRAITS.stream : 0) +
    (options.overflow === 'drop-head' ? 0 : QUEUE_TRAITS.refusesWhenFull) +
    (queue.closedReason === null ? 0 : QUEUE_TRAITS.closed) +
    (deadLetters.sourceCount(queue) === 0 ? 0 : QUEUE_TRAITS.takesDeadLetters);
}

/** Writes the row of an exchange, in the order of EXCHANGE_COLUMNS. */
function exchangeRow(exchange: Exchange, into: Float64Array, at: number): void {
  into[at] = exchange.publishedCount;
  into[at + 1] = exchange.routedCount;
  into[at + 2] = exchange.unroutableCount;
}

function clientsOf({ connections }: Listener): Map<Vhost, ClientCounts> {
  const counts = new Map<Vhost, ClientCounts>();
  for (const connection of connections) {
    if (!connection.hasEntered) continue;
    const { vhost } = connection.session;
    const { connections, channels } = counts.get(vhost) ?? { connections: 0, channels: 0 };
    counts.set(vhost, { connections: connections + 1, channels: channels + connection.channelCount });
  }
  return counts;
}

function vhostTotals(vhost: Vhost, clients: ClientCounts = { connections: 0, channels: 0 }): Totals {
  const lengths = { ready: 0, unacked: 0, consumers: 0 };
  for (const queue of vhost.queues.values()) {
    lengths.ready += queue.readyCount;
    lengths.unacked += queue.unackedCount;
    lengths.consumers += queue.consumers.all.length;
  }
  const objects = { queues: vhost.queues.size, exchanges: vhost.exchanges.size };
  return { ...lengths, ...objects, ...clients, ...countersOf(vhost) };
}

function countersOf({ flow, activity }: Pick<Vhost, 'flow' | 'activity'>) {
  return {
    published: flow.published,
    delivered: flow.delivered,
    acked: flow.acked,
    redelivered: flow.redelivered,
    returned: flow.returned,
    dropped: flow.unroutable,
    deadLettered: flow.deadLettered,
    confirmed: activity.confirmed,
    ...handed(Object.values(activity.traffic)),
    connectionsOpened: activity.connectionsOpened,
    connectionsClosed: activity.connectionsClosed,
    channelsOpened: activity.channelsOpened,
    channelsClosed: activity.channelsClosed,
    queuesDeclared: activity.queuesDeclared,
    queuesCreated: activity.queuesCreated,
    queuesDeleted: activity.queuesDeleted,
  };
}

function handed(traffic: Traffic[]) {
  const sum = { deliveredAck: 0, deliveredNoAck: 0, got: 0, gotNoAck: 0, gotEmpty: 0 };
  for (const one of traffic) {
    sum.deliveredAck += one.deliveredManualAck;
    sum.deliveredNoAck += one.deliveredAutoAck;
    sum.got += one.gotManualAck;
    sum.gotNoAck += one.gotAutoAck;
    sum.gotEmpty += one.gotEmpty;
  }
  return sum;
}
