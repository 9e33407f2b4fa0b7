/** What went over one channel, in messages. Plain numbers: rates come from whoever looks now and then. */
export class ChannelCounts {
  published = 0;
  confirmed = 0;
  returned = 0;
  dropped = 0;
  delivered = 0;
  deliveredNoAck = 0;
  got = 0;
  gotNoAck = 0;
  gotEmpty = 0;
  acked = 0;
  redelivered = 0;
}
