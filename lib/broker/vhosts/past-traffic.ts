import { ChannelCounts } from './channel-counts.ts';

/**
 * What channels and connections did in a vhost that are gone by now, and what was done without a channel. With those
 * that are there it is all since the broker's start, and nobody has to count a message twice.
 */
export class PastTraffic {
  readonly counts = new ChannelCounts();
  receivedBytes = 0;
  sentBytes = 0;

  addChannel(counts: ChannelCounts): void {
    for (const name of Object.keys(counts) as (keyof ChannelCounts)[]) this.counts[name] += counts[name];
  }

  addConnection({ receivedBytes, sentBytes }: { receivedBytes: number; sentBytes: number }): void {
    this.receivedBytes += receivedBytes;
    this.sentBytes += sentBytes;
  }
}
