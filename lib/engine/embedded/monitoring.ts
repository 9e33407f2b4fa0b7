/**
 * The figures of the broker in this thread. Many objects are looked at in slices, each after what was waiting
 * meanwhile, so that messages do not wait for monitoring.
 */
import { setImmediate } from 'node:timers/promises';
import type { Broker } from '../../broker/broker.ts';
import { MessageSizes } from '../../broker/vhosts/activity.ts';
import type { Channel } from '../../server/channel.ts';
import type { Listener } from '../../server/listener.ts';
import {
  type BrokerFigures,
  CHANNEL_FIGURES,
  CONNECTION_FIGURES,
  type Columns,
  EXCHANGE_FIGURES,
  type Monitoring,
  QUEUE_FIGURES,
} from '../figures.ts';
import type { NodeFacts } from './commands.ts';

/** About a tenth of a millisecond. */
const SLICE = 250;

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
          QUEUE_FIGURES.length,
          ({ vhost, name, options }) => [vhost, name, options.type],
          (queue) => {
            const { readyCount, unackedCount, consumers, readyBytes, unackedBytes, counters } = queue;
            const { published, delivered, acked, redelivered } = counters;
            const gauges = [readyCount, unackedCount, consumers.all.length, readyBytes, unackedBytes];
            return [...gauges, published, delivered, acked, redelivered, consumers.capacity];
          },
        ),
        exchanges: await columns(
          asked('exchanges', () => vhosts.flatMap((vhost) => [...vhost.exchanges.values()])),
          EXCHANGE_FIGURES.length,
          ({ vhost, name, options }) => [vhost, name, options.type],
          ({ bindings, publishedCount, unroutableCount }) => [bindings.size, publishedCount, unroutableCount],
        ),
        channels: await columns(
          asked('channels', () => connections.flatMap((connection) => [...connection.channels.values()])),
          CHANNEL_FIGURES.length,
          ({ connection, id }) => [connection.session.vhost.name, `${connection.name} (${id})`, ''],
          channelRow,
        ),
        connections: await columns(
          asked('connections', () => connections),
          CONNECTION_FIGURES.length,
          ({ session, name }) => [session.vhost.name, name, ''],
          (connection) => {
            const { receivedBytes, sentBytes } = connection.octets();
            const { receivedChunks, writer, channelCount } = connection;
            return [receivedBytes, sentBytes, receivedChunks, writer.writeCount, channelCount];
          },
        ),
      };
    },
  };
}

function channelRow(channel: Channel): number[] {
  const { consumers, unacked, confirms, transaction, counts } = channel;
  return [
    consumers.size,
    unacked.size,
    confirms?.pendingCount ?? 0,
    transaction?.publishCount ?? 0,
    transaction ? unacked.count((tag) => transaction.hasSettled(tag)) : 0,
    channel.consumerPrefetch,
    channel.channelPrefetch,
    counts.published,
    counts.confirmed,
    counts.returned,
    counts.dropped,
    counts.got,
    counts.gotNoAck,
    counts.gotEmpty,
    counts.delivered,
    counts.deliveredNoAck,
    counts.redelivered,
    counts.acked,
  ];
}

/** `labels`: vhost, name and type. */
async function columns<T>(
  objects: T[],
  width: number,
  labels: (object: T) => [vhost: string, name: string, type: string],
  row: (object: T) => number[],
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
    values.set(row(object), index * width);
  }
  return { names, vhosts, types, values };
}

function figuresOf(broker: Broker, listener: Listener, facts: NodeFacts, diskFreeBytes: number): BrokerFigures {
  const { alarms, logins } = broker;
  const { flow, activity } = broker.counted();
  const { sizes, traffic, ...counted } = activity;
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
    connections: activity.connectionsOpened - activity.connectionsClosed,
    ...counted,
    channels,
    consumers,
    publishers,
    queues,
    received: flow.published,
    dropped: flow.unroutable,
    returned: flow.returned,
    traffic,
    sizes: { bounds: [...MessageSizes.BOUNDS], counts: sizes.counts, sum: sizes.sum },
    logins: { amqp091: { ...logins.amqp091 }, http: { ...logins.http } },
    diskFreeBytes,
    diskFreeBytesMin: facts.diskFreeBytesMin,
    memoryBytesMax: facts.memoryBytesMax,
  };
}
