/** What monitoring wants to know of a vhost besides its counters, since the broker's start. */

import type { DeathReason } from '../../figures/death-reason.ts';
import { zeros } from '../../figures/figure.ts';
import { TRAFFIC_FIGURES, type TrafficCounters } from '../../figures/traffic-figures.ts';
import type { QueueType } from '../queues/queue-arguments.ts';

export class Activity {
  readonly sizes = new MessageSizes();
  /** By type of queue. */
  readonly traffic: Readonly<Record<QueueType, Traffic>> = {
    classic: newTraffic(),
    quorum: newTraffic(),
    stream: newTraffic(),
  };
}

/** What became of dead letters: no exchange to send them to, sent, and kept until they had arrived. */
export class Deaths {
  disabled = 0;
  atMostOnce = 0;
  atLeastOnce = 0;
}

/** What queues of one type gave, took back and buried, in messages. */
export interface Traffic extends TrafficCounters {
  readonly dead: Readonly<Record<DeathReason, Deaths>>;
  /** Dead letters that were kept until they had arrived, and have. */
  deadConfirmed: number;
}

function newTraffic(): Traffic {
  return {
    ...zeros(TRAFFIC_FIGURES),
    dead: { rejected: new Deaths(), expired: new Deaths(), maxlen: new Deaths(), delivery_limit: new Deaths() },
    deadConfirmed: 0,
  };
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
