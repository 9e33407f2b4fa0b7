import { CHANNEL_FIGURES, type ChannelCounters } from '../../figures/channel-figures.ts';
import { zeros } from '../../figures/figure.ts';
import { addNumbers } from './number-sum.ts';

/**
 * What channels and connections did in a vhost that are gone by now, and what was done without a channel. With those
 * that are there it is all since the broker's start, and nobody has to count a message twice.
 */
export class PastTraffic {
  readonly counts: ChannelCounters = zeros(CHANNEL_FIGURES);
  receivedBytes = 0;
  sentBytes = 0;

  addChannel(counts: ChannelCounters): void {
    addNumbers(this.counts, counts);
  }

  addConnection({ receivedBytes, sentBytes }: { receivedBytes: number; sentBytes: number }): void {
    this.receivedBytes += receivedBytes;
    this.sentBytes += sentBytes;
  }
}
