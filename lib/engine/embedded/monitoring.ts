/**
 * The figures of the broker in this thread. Many objects are looked at in slices, each after what was waiting
 * meanwhile, so that messages do not wait for monitoring.
 */
import { setImmediate } from 'node:timers/promises';
import type { Broker } from '../../broker/broker.ts';
import { MessageSizes } from '../../broker/vhosts/activity.ts';
import { CHANNEL_FIGURES, type ChannelCounters } from '../../figures/channel-figures.ts';
import { CONNECTION_FIGURES } from '../../figures/connection-figures.ts';
import { EXCHANGE_FIGURES } from '../../figures/exchange-figures.ts';
import { counterNames, type GaugeName, gaugeNames } from '../../figures/figure.ts';
import { QUEUE_FIGURES } from '../../figures/queue-figures.ts';
import type { Channel } from '../../server/channel.ts';
import type { Connection } from '../../server/connection.ts';
import type { Listener } from '../../server/listener.ts';
import { type BrokerFigures, type Columns, type Monitoring, OBJECT_COLUMNS } from '../figures.ts';
import type { NodeFacts } from './commands.ts';
import { EXCHANGE_GAUGES, writeExchangeCounters } from './exchange-gauges.ts';
import { QUEUE_GAUGES, writeQueueCounters } from './queue-gauges.ts';
import { type Gauges, noCounters, rowWriter, type WriteRow } from './row-writer.ts';

/** About a tenth of a millisecond. */
const SLICE = 250;

const CHANNEL_GAUGES: Gauges<Channel, GaugeName<typeof CHANNEL_FIGURES>> = {
  consumers: ({ consumers }) => consumers.size,
  unacked: ({ unacked }) => unacked.size,
  unconfirmed: ({ confirms }) => confirms?.pendingCount ?? 0,
  uncommitted: ({ transaction }) => transaction?.publishCount ?? 0,
  acksUncommitted: ({ transaction, unacked }) =>
    transaction ? unacked.count((tag) => transaction.hasSettled(tag)) : 0,
  prefetch: ({ consumerPrefetch }) => consumerPrefetch,
  globalPrefetch: ({ channelPrefetch }) => channelPrefetch,
};
/** A connection's counters stand in several places. */
const CONNECTION_READS: Gauges<Connection, keyof typeof CONNECTION_FIGURES> = {
  channels: ({ channelCount }) => channelCount,
  receivedBytes: (connection) => connection.octets().receivedBytes,
  sentBytes: (connection) => connection.octets().sentBytes,
  receivedPackets: ({ receivedChunks }) => receivedChunks,
  sentPackets: ({ writer }) => writer.writeCount,
};

/** In the order of OBJECT_COLUMNS. */
const writeQueue = rowWriter(QUEUE_GAUGES, gaugeNames(QUEUE_FIGURES), writeQueueCounters);
const writeExchange = rowWriter(EXCHANGE_GAUGES, gaugeNames(EXCHANGE_FIGURES), writeExchangeCounters);
const writeChannel = rowWriter(CHANNEL_GAUGES, gaugeNames(CHANNEL_FIGURES), ({ counts }: Channel, into, from) => {
  let at = from;
  for (const name in counts) into[at++] = counts[name as keyof ChannelCounters];
  return at;
});
const writeConnection = rowWriter(
  CONNECTION_READS,
  [...gaugeNames(CONNECTION_FIGURES), ...counterNames(CONNECTION_FIGURES)],
  noCounters,
);

/** `freeBytes`: of the disk that messages are on. */
export function createMonitoring(
  broker: Broker,
  listener: Listener,
  facts: NodeFacts,
  freeBytes: () => number,
): Monitoring {
  return {
    async figures() {
      return figuresOf(broker, listener, facts, freeBytes());
    },

    async objectFigures(kinds, only) {
      const vhosts = [...broker.vhosts.values()].filter(({ name }) => only === undefined || only.includes(name));
      const connections = [...listener.connections].filter(
        ({ hasEntered, session }) => hasEntered && (only === undefined || only.includes(session.vhost.name)),
      );
      const asked = <T>(kind: (typeof kinds)[number], list: () => T[]): T[] => (kinds.includes(kind) ? list() : []);
      return {
        vhosts: vhosts.map(({ name }) => name),
        queues: await columns(
          asked('queues', () => vhosts.flatMap((vhost) => [...vhost.queues.values()])),
          OBJECT_COLUMNS.queues.length,
          ({ vhost, name, options }) => [vhost, name, options.type],
          writeQueue,
        ),
        exchanges: await columns(
          asked('exchanges', () => vhosts.flatMap((vhost) => [...vhost.exchanges.values()])),
          OBJECT_COLUMNS.exchanges.length,
          ({ vhost, name, options }) => [vhost, name, options.type],
          writeExchange,
        ),
        channels: await columns(
          asked('channels', () => connections.flatMap((connection) => [...connection.channels.values()])),
          OBJECT_COLUMNS.channels.length,
          ({ connection, id }) => [connection.session.vhost.name, `${connection.name} (${id})`, ''],
          writeChannel,
        ),
        connections: await columns(
          asked('connections', () => connections),
          OBJECT_COLUMNS.connections.length,
          ({ session, name }) => [session.vhost.name, name, ''],
          writeConnection,
        ),
      };
    },
  };
}

/** `labels`: vhost, name and type. */
async function columns<T>(
  objects: T[],
  width: number,
  labels: (object: T) => [vhost: string, name: string, type: string],
  write: WriteRow<T>,
): Promise<Columns> {
  const names: string[] = [];
  const vhosts: string[] = [];
  const types: string[] = [];
  const values = new Float64Array(objects.length * width);
  for (const [index, object] of objects.entries()) {
    if (index % SLICE === SLICE - 1) await setImmediate();
    const [vhost, name, type] = labels(object);
    vhosts.push(vhost);
    names.push(name);
    types.push(type);
    write(object, values, index * width);
  }
  return { names, vhosts, types, values };
}

function figuresOf(broker: Broker, listener: Listener, facts: NodeFacts, diskFreeBytes: number): BrokerFigures {
  const { alarms, logins } = broker;
  const { counters, activity } = broker.counted();
  const { sizes, traffic } = activity;
  let consumers = 0;
  let publishers = 0;
  let channels = 0;
  for (const connection of listener.connections) {
    for (const channel of connection.channels.values()) {
      channels++;
      consumers += channel.consumers.size;
      if (channel.counts.published > 0) publishers++;
    }
  }
  let queues = 0;
  for (const vhost of broker.vhosts.values()) queues += vhost.queues.size;
  const clusterId = broker.parameters.findGlobal('internal_cluster_id');
  return {
    node: facts.node,
    clusterName: broker.clusterName ?? facts.clusterName,
    clusterId: typeof clusterId === 'string' ? clusterId : '',
    version: facts.version,
    compatibleWith: facts.compatibleWith,
    startedAtMs: facts.startedAtMs,
    nowMs: broker.clock.now(),
    alarms: { memory: alarms.includes('memory'), disk: alarms.includes('disk') },
    measured: {
      connections: counters.connectionsOpened - counters.connectionsClosed,
      channels,
      consumers,
      publishers,
      queues,
    },
    counters,
    traffic,
    sizes: { bounds: [...MessageSizes.BOUNDS], counts: sizes.counts, sum: sizes.sum },
    logins: { amqp091: { ...logins.amqp091 }, http: { ...logins.http } },
    diskFreeBytes,
    diskFreeBytesMin: facts.diskFreeBytesMin,
    memoryBytesMax: facts.memoryBytesMax,
  };
}
