/** What a queue counts of every message that enters it and of every one that it gives to somebody: here and nowhere else. */
import { zeros } from '../../figures/figure.ts';
import { QUEUE_FIGURES, type QueueCounters } from '../../figures/queue-figures.ts';
import type { Message } from '../messages/message.ts';
import type { Traffic } from '../vhosts/activity.ts';

const ZEROS = zeros(QUEUE_FIGURES);

export function newQueueCounters(): QueueCounters {
  return { ...ZEROS };
}

export function countIn(counters: QueueCounters, { bodySize }: Message): void {
  counters.published++;
  counters.publishedBytes += bodySize;
}

export function countOut(counters: QueueCounters, traffic: Traffic, { bodySize }: Message, redelivered: boolean): void {
  counters.delivered++;
  counters.deliveredBytes += bodySize;
  if (!redelivered) return;
  counters.redelivered++;
  traffic.redelivered++;
}
