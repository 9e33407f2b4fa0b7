/** What the broker counts, as one plain sample. Costs one pass over queues and exchanges, once a second. */
import type { Broker } from '../../broker/broker.ts';
import type { Listener } from '../../server/listener.ts';
import type { Sample, Totals } from '../port.ts';
import { exchangeCounters } from './views.ts';

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
  return {
    ...sums,
    flow: { ...broker.flow },
    connections: listener.connections.size,
    channels: listener.channelCount,
    messageBytes: broker.store.bytes,
    residentBytes: process.memoryUsage.rss(),
  };
}

export function takeSample(broker: Broker, listener: Listener): Sample {
  const sample: Sample = { atMs: broker.clock.now(), totals: totals(broker, listener), queues: {}, exchanges: {} };
  for (const vhost of broker.vhosts.values()) {
    for (const queue of vhost.queues.values()) {
      sample.queues[`${vhost.name}\0${queue.name}`] = {
        ...queue.counters,
        ready: queue.readyCount,
        unacked: queue.unackedCount,
      };
    }
    for (const exchange of vhost.exchanges.values()) {
      sample.exchanges[`${vhost.name}\0${exchange.name}`] = exchangeCounters(exchange);
    }
  }
  return sample;
}
