/** What a queue needs of its surroundings, and what names it there. */

import type { DeathReason } from '../../figures/death-reason.ts';
import type { Clock } from '../clock.ts';
import type { Message, Origin } from '../messages/message.ts';
import type { MessageStore } from '../ports.ts';
import type { Activity } from '../vhosts/activity.ts';
import type { Owner } from './owner.ts';
import type { Queue } from './queue.ts';

/** What a queue asks of its vhost. */
export interface QueueSurroundings {
  clock: Clock;
  store: MessageStore;
  activity: Activity;
  /** Sends a message that died in the queue on its way; the message is valid only during the call. */
  deadLetter(queue: Queue, message: Message, reason: DeathReason, origin: Origin | null): void;
  /**
   * Sends a dead letter that is kept until it has arrived: true when all queues that it is routed to have it, which
   * are noted in `reached`; call again later when it is false.
   */
  deadLetterSurely(queue: Queue, message: Message, reason: DeathReason, origin: Origin, reached: Set<string>): boolean;
  /** The queue has reached the end of its life by itself: x-expires, or auto-delete. */
  ended(queue: Queue): void;
  /** The queue cannot read its messages any more. */
  closed(queue: Queue, reason: string): void;
}

/** What a stream has, and other queues have not. `segments` is how many pieces it would give up old messages in. */
export interface StreamFacts {
  firstOffset: number;
  /** The offset of the message that comes next. */
  nextOffset: number;
  segments: number;
}

export interface QueueIdentity {
  vhost: string;
  name: string;
  id: string;
  durable: boolean;
  autoDelete: boolean;
  owner: Owner | null;
}
