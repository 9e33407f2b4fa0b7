/** What happened in one queue since the broker's start, in messages. */
export class QueueCounters {
  published = 0;
  /** All deliveries; of them those to consumers that need not ack, and those by basic.get. */
  delivered = 0;
  deliveredNoAck = 0;
  got = 0;
  gotNoAck = 0;
  /** basic.get that found nothing. */
  gotEmpty = 0;
  acked = 0;
  redelivered = 0;
  expired = 0;
  rejected = 0;
  overflowed = 0;
  /** Came back more often than the delivery limit allows. */
  deliveryLimited = 0;
  deadLettersIn = 0;
}
