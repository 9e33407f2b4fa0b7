/** What channels count under RabbitMQ's names: of one of them, or of all in a vhost. */
import { CHANNEL_FIGURES, type ChannelCounters } from '../figures/channel-figures.ts';
import { rabbitFigures, sumOf, termsOf } from '../figures/figure.ts';
import type { MessageStats } from './schema/stats.ts';
import { statsOf } from './stats.ts';

const FIGURES = rabbitFigures(CHANNEL_FIGURES, 'message_stats');

/** As with RabbitMQ: no figures of publishing before the first publish, none of deliveries before the first delivery. */
export function messageStats(counters: ChannelCounters, rates: ChannelCounters): { message_stats?: MessageStats } {
  const readings = FIGURES.map(({ rabbit, name, figure }) => {
    const of = (counted: ChannelCounters) =>
      sumOf(termsOf(name, figure), (one) => counted[one as keyof ChannelCounters]);
    return { name: rabbit, way: figure.way, value: of(counters), rate: of(rates) };
  });
  const shown = readings.filter(({ way }) => readings.some((other) => other.way === way && other.value > 0));
  return shown.length > 0 ? { message_stats: statsOf(shown) } : {};
}
