/**
 * What happened in a vhost since the broker's start, for those who watch it. Plain numbers that only grow: rates come
 * from whoever samples them. Flow has what the console shows, this what monitoring wants to know besides.
 */
import type { QueueType } from '../queues/queue-arguments.ts';

export class Activity {
  connectionsOpened = 0;
  connectionsClosed = 0;
  channelsOpened = 0;
  channelsClosed = 0;
  /** Declares that succeeded, also of queues that were there; declares that made a queue; and queues that ended. */
  queuesDeclared = 0;
  queuesCreated = 0;
  queuesDeleted = 0;
  /** Messages on channels with confirms, and those of them that were confirmed. */
  receivedConfirm = 0;
  confirmed = 0;
  /** Messages times the queues each went to. */
  routed = 0;
  readonly sizes = new MessageSizes();
  /** By type of queue. */
  readonly traffic: Readonly<Record<QueueType, Traffic>> = {
    classic: new Traffic(),
    quorum: new Traffic(),
    stream: new Traffic(),
  };
}

/** What became of dead letters: no exchange to send them to, sent, and kept until they had arrived. */
export class Deaths {
  disabled = 0;
  atMostOnce = 0;
  atLeastOnce = 0;
}

/** What queues of one type gave, took back and buried, in messages. */
export class Traffic {
  deliveredAutoAck = 0;
  deliveredManualAck = 0;
  gotAutoAck = 0;
  gotManualAck = 0;
  gotEmpty = 0;
  redelivered = 0;
  acked = 0;
  readonly dead = { rejected: new Deaths(), expired: new Deaths(), maxlen: new Deaths(), delivery_limit: new Deaths() };
  /** Dead letters that were kept until they had arrived, and have. */
  deadConfirmed = 0;
}

/** How large bodies are: how many fit each bound but none before it, in bytes. The last has no bound. */
export class MessageSizes {
  static readonly BOUNDS: readonly number[] = [100, 1e3, 1e4, 1e5, 1e6, 1e7, 5e7, 1e8, Number.POSITIVE_INFINITY];
  readonly counts: number[] = MessageSizes.BOUNDS.map(() => 0);
  /** Bytes of all bodies. */
  sum = 0;

  note(bytes: number): void {
    let i = 0;
    while (bytes > (MessageSizes.BOUNDS[i] as number)) i++;
    this.counts[i] = (this.counts[i] as number) + 1;
    this.sum += bytes;
  }
}
