/**
 * The part of the port by which long lists of queues are sorted and cut: names with what they are sorted by first, and
 * then only the queues that are shown. Ten thousand descriptions would take longer to cross between threads than to read.
 */
import type { Actor, QueueCounters, QueueInfo } from './port.ts';

/** What queues may be sorted by; messages unless they say something else. */
export const QUEUE_FIELDS = [
  'type',
  'durable',
  'autoDelete',
  'exclusive',
  'closedReason',
  'policy',
  'operatorPolicy',
  'messages',
  'ready',
  'unacked',
  'messageBytes',
  'readyBytes',
  'unackedBytes',
  'consumers',
  'consumerCapacity',
  'singleActiveConsumer',
  'idleSinceMs',
  'deliveredAck',
] as const;

/** `argument.x` is the argument x as JSON has it. Counters are null of a queue that no message went through. */
export type QueueField = (typeof QUEUE_FIELDS)[number] | keyof QueueCounters | `argument.${string}`;

export type QueueKey = string | number | boolean | null;

/** The queues of one vhost: parallel columns. */
export interface QueueKeys {
  vhost: string;
  names: string[];
  /** Empty when nothing was asked for. */
  keys: QueueKey[];
}

export interface QueueSorting {
  /** Of the vhosts the actor may look into, or of `vhost` alone, which may be one of them. */
  listQueueKeys(actor: Actor, field: QueueField | null, vhost?: string): Promise<QueueKeys[]>;
  /** In the order asked for; those that are gone, or that the actor may not see, are left out. */
  queuesNamed(actor: Actor, wanted: { vhost: string; name: string }[]): Promise<QueueInfo[]>;
}

/** Its commands by name; the table has to be complete. */
export const QUEUE_SORTING: Record<keyof QueueSorting, true> = { listQueueKeys: true, queuesNamed: true };
