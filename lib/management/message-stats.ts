/** What channels count under RabbitMQ's names: of one of them, or of all in a vhost. */
import type { ChannelCounters } from '../engine/clients.ts';
import type { MessageStats } from './schema/stats.ts';
import { statsOf } from './stats.ts';

const PUBLISHING = [
  ['publish', 'published'],
  ['confirm', 'confirmed'],
  ['return_unroutable', 'returned'],
  ['drop_unroutable', 'dropped'],
] as const;

const CONSUMING = [
  ['deliver', 'delivered'],
  ['deliver_no_ack', 'deliveredNoAck'],
  ['get', 'got'],
  ['get_no_ack', 'gotNoAck'],
  ['get_empty', 'gotEmpty'],
  ['ack', 'acked'],
  ['redeliver', 'redelivered'],
] as const;

/** As with RabbitMQ: no figures of publishing before the first publish, none of deliveries before the first delivery. */
export function messageStats(counters: ChannelCounters, rates: ChannelCounters): { message_stats?: MessageStats } {
  const readings = <N extends string>(names: readonly (readonly [N, keyof ChannelCounters])[]) =>
    names.map(([name, field]) => ({ name, value: counters[field], rate: rates[field] }));
  const sum = (of: ChannelCounters): number => of.delivered + of.deliveredNoAck + of.got + of.gotNoAck;
  const [published, consumed] = [readings(PUBLISHING), readings(CONSUMING)];
  const deliveries = { name: 'deliver_get' as const, value: sum(counters), rate: sum(rates) };
  const stats = {
    ...(published.some(({ value }) => value > 0) && statsOf(published)),
    ...(consumed.some(({ value }) => value > 0) && statsOf([...consumed, deliveries])),
  };
  return Object.keys(stats).length > 0 ? { message_stats: stats } : {};
}
