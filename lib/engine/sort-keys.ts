/**
 * The part of the port by which long lists are sorted and cut: names with what they are sorted by first, and then only
 * what is shown. Ten thousand descriptions would take longer to cross between threads than to read.
 */
import type { Actor } from './actor.ts';
import type { ExchangeInfo } from './exchanges.ts';
import type { QueueCounters, QueueInfo } from './queues.ts';

/** Fields that queues may be sorted by; they count messages unless their names say something else. */
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
  'oldestReadyAtMs',
  'deliveredAck',
] as const;

/** `argument.x` is the argument x as JSON has it. Counters are null of a queue that no message went through. */
export type QueueField = (typeof QUEUE_FIELDS)[number] | keyof QueueCounters | `argument.${string}`;

export const EXCHANGE_FIELDS = ['type', 'bindingCount'] as const;
export type ExchangeField = (typeof EXCHANGE_FIELDS)[number];

export type SortKey = string | number | boolean | null;

/** What there is in one vhost: parallel columns. */
export interface SortKeys {
  vhost: string;
  names: string[];
  /** Empty when nothing was asked for. */
  keys: SortKey[];
}

/** A name and the vhost in which it is one. */
export interface QualifiedName {
  vhost: string;
  name: string;
}

export interface Sorting {
  /** Keys of the queues in all vhosts that the actor may look into, or in `vhost` alone, if it is one of these. */
  listQueueKeys(actor: Actor, field: QueueField | null, vhost?: string): Promise<SortKeys[]>;
  /** In the order asked for; queues that are gone, or that the actor may not see, are left out. */
  queuesNamed(actor: Actor, wanted: QualifiedName[]): Promise<QueueInfo[]>;
  listExchangeKeys(actor: Actor, field: ExchangeField | null, vhost?: string): Promise<SortKeys[]>;
  exchangesNamed(actor: Actor, wanted: QualifiedName[]): Promise<ExchangeInfo[]>;
}

/** The commands of Sorting by name; the table has to be complete. */
export const SORTING: Record<keyof Sorting, true> = {
  listQueueKeys: true,
  queuesNamed: true,
  listExchangeKeys: true,
  exchangesNamed: true,
};
