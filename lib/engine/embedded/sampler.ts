/** What the broker counts, as one plain sample. Costs one pass over queues and exchanges, once a second. */
import type { Broker, Counted } from '../../broker/broker.ts';
import type { Exchange } from '../../broker/exchanges/exchange.ts';
import type { Queue } from '../../broker/queues/queue.ts';
import type { Vhost } from '../../broker/vhosts/vhost.ts';
import { EXCHANGE_FIGURES } from '../../figures/exchange-figures.ts';
import {
  type ByTypeName,
  byTypeNames,
  type GaugeName,
  type SampledGauge,
  sampledGauges,
} from '../../figures/figure.ts';
import { QUEUE_FIGURES } from '../../figures/queue-figures.ts';
import { USER_FIGURES } from '../../figures/user-figures.ts';
import { VHOST_FIGURES, type VhostCounters } from '../../figures/vhost-figures.ts';
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
import { EXCHANGE_GAUGES, writeExchangeCounters } from './exchange-gauges.ts';
import { QUEUE_GAUGES, writeQueueCounters } from './queue-gauges.ts';
import { type Gauges, noCounters, rowWriter } from './row-writer.ts';

const VHOST_GAUGE_NAMES = sampledGauges(VHOST_FIGURES);
const BY_TYPE_NAMES = byTypeNames(VHOST_FIGURES);

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

interface UserNow {
  name: string;
  connectionCount: number;
  channelCount: number;
}

type Write<T> = (object: T, into: Float64Array, at: number) => unknown;

export class Sampler {
  private readonly broker: Broker;
  private readonly listener: Listener;
  private readonly queues: Roster<Queue>;
  private readonly exchanges = new Roster<Exchange>(EXCHANGE_COLUMNS.length, writeExchange, ({ vhost, name }) =>
    rowKey(vhost, name),
  );
  private readonly vhosts: Roster<Vhost>;
  private readonly users = new Roster(USER_COLUMNS.length, writeUser, ({ name }) => rowKey(name, ''));
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
      (vhost, into, at) => vhostRow(vhost, this.clients.get(vhost), into, at),
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
    const counted = this.broker.counted();
    const width = TOTAL_COLUMNS.length;
    const gauges = VHOST_GAUGE_NAMES.map((name, column) => {
      let sum = 0;
      for (let at = column; at < rows.length; at += width) sum += rows[at] as number;
      return [name, sum] as const;
    });
    const byType = BY_TYPE_NAMES.map((name) => [name, sumByType(counted, name)] as const);
    const { connections, channelCount: channels } = this.listener;
    return {
      ...(Object.fromEntries([...gauges, ...byType]) as Totals),
      ...counted.counters,
      connections: connections.size,
      channels,
    };
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

const USER_GAUGES: Gauges<UserNow, GaugeName<typeof USER_FIGURES>> = {
  connections: ({ connectionCount }) => connectionCount,
  channels: ({ channelCount }) => channelCount,
};
const writeUser = rowWriter(USER_GAUGES, sampledGauges(USER_FIGURES), noCounters);
const writeQueue = rowWriter(QUEUE_GAUGES, sampledGauges(QUEUE_FIGURES), writeQueueCounters);
const writeExchange = rowWriter(EXCHANGE_GAUGES, sampledGauges(EXCHANGE_FIGURES), writeExchangeCounters);

/** Writes the row of a queue, in the order of QUEUE_COLUMNS. */
function queueRow(queue: Queue, { deadLetters }: Vhost, into: Float64Array, from: number): void {
  const { options } = queue;
  const at = writeQueue(queue, into, from);
  into[at] = options.lengthMax ?? -1;
  into[at + 1] = options.bytesMax ?? -1;
  into[at + 2] =
    (options.type === 'stream' ? QUEUE_TRAITS.stream : 0) +
    (options.overflow === 'drop-head' ? 0 : QUEUE_TRAITS.refusesWhenFull) +
    (queue.closedReason === null ? 0 : QUEUE_TRAITS.closed) +
    (deadLetters.sourceCount(queue) === 0 ? 0 : QUEUE_TRAITS.takesDeadLetters) +
    (queue.consumers.isPaused ? QUEUE_TRAITS.paused : 0);
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

/** What is measured of a vhost together. */
interface VhostNow extends ClientCounts {
  vhost: Vhost;
  ready: number;
  unacked: number;
  consumers: number;
}

const VHOST_GAUGES: Gauges<VhostNow, SampledGauge<typeof VHOST_FIGURES>> = {
  ready: ({ ready }) => ready,
  unacked: ({ unacked }) => unacked,
  consumers: ({ consumers }) => consumers,
  queues: ({ vhost }) => vhost.queues.size,
  exchanges: ({ vhost }) => vhost.exchanges.size,
  connections: ({ connections }) => connections,
  channels: ({ channels }) => channels,
};
const writeVhost = rowWriter(VHOST_GAUGES, VHOST_GAUGE_NAMES, ({ vhost: { counters } }: VhostNow, into, from) => {
  let at = from;
  for (const name in counters) into[at++] = counters[name as keyof VhostCounters];
  return at;
});

/** In the order of TOTAL_COLUMNS. */
function vhostRow(
  vhost: Vhost,
  clients: ClientCounts = { connections: 0, channels: 0 },
  into: Float64Array,
  from: number,
): void {
  const now: VhostNow = { vhost, ready: 0, unacked: 0, consumers: 0, ...clients };
  for (const queue of vhost.queues.values()) {
    now.ready += queue.readyCount;
    now.unacked += queue.unackedCount;
    now.consumers += queue.consumers.all.length;
  }
  let at = writeVhost(now, into, from);
  for (const name of BY_TYPE_NAMES) into[at++] = sumByType(vhost, name);
}

function sumByType({ activity }: Counted, name: ByTypeName<typeof VHOST_FIGURES>): number {
  const { classic, quorum, stream } = activity.traffic;
  return classic[name] + quorum[name] + stream[name];
}
