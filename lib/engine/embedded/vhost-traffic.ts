/** What goes on in a vhost: of everybody who was and is in it. */
import { ChannelCounts } from '../../broker/vhosts/channel-counts.ts';
import type { Vhost } from '../../broker/vhosts/vhost.ts';
import type { Channel } from '../../server/channel.ts';
import type { Listener } from '../../server/listener.ts';
import type { VhostInfo } from '../administration.ts';

type Traffic = Pick<VhostInfo, 'counters' | 'rates' | 'octets' | 'octetRates'>;

export function vhostTraffic(vhost: Vhost, connections: Listener['connections']): Traffic {
  const { past } = vhost;
  const [counters, rates] = [{ ...past.counts }, new ChannelCounts()];
  const octets = { receivedBytes: past.receivedBytes, sentBytes: past.sentBytes };
  const octetRates = { receivedBytes: 0, sentBytes: 0 };
  for (const connection of connections) {
    if (!connection.hasEntered || connection.session.vhost !== vhost) continue;
    add(octets, connection.octets());
    if (connection.meter) add(octetRates, connection.meter.rates);
    for (const channel of connection.channels.values()) addChannel(channel, counters, rates);
  }
  return { counters, rates, octets, octetRates };
}

function addChannel({ closing, counts, meter }: Channel, counters: ChannelCounts, rates: ChannelCounts): void {
  // Of the past already.
  if (closing) return;
  add(counters, counts);
  if (meter) add(rates, meter.rates);
}

function add<T extends { [K in keyof T]: number }>(sums: T, more: Readonly<T>): void {
  for (const name of Object.keys(sums) as (keyof T)[]) sums[name] = (sums[name] + more[name]) as T[keyof T];
}
