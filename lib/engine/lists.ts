/**
 * The part of the port that pages long lists: filtered, sorted and cut where the data is, so that only what is shown is
 * described. Everything in a list is of vhosts that the actor may look into; ACCESS_REFUSED where the one that is asked
 * for is none of them.
 */
import type { Actor } from './actor.ts';
import type { ExchangeInfo } from './exchanges.ts';
import type { QueueInfo } from './queues.ts';
import type { QualifiedName } from './sort-keys.ts';

/** Messages per second. */
export interface QueueRates {
  published: number;
  delivered: number;
  acked: number;
  redelivered: number;
  deadLettersIn: number;
}

export interface ExchangeRates {
  published: number;
  routed: number;
  unroutable: number;
}

/** A queue with its figures of the newest sample, which all rows of a list share. */
export interface ListedQueue extends QueueInfo {
  /** Null until the rates are known. */
  rates: QueueRates | null;
}

export interface ListedExchange extends ExchangeInfo {
  rates: ExchangeRates | null;
}

export interface ListQuestion<S extends string> {
  /** Left out: all that the actor may look into. */
  vhost?: string | undefined;
  /** A part of the name, whatever its case; '': any. */
  text: string;
  sort: S;
  descending: boolean;
  offset: number;
  limit: number;
}

export interface ListPage<T> {
  rows: T[];
  /** Rows of the vhosts that were asked about, and how many of them the question lets through. */
  total: number;
  matching: number;
}

export const QUEUE_SORTS = [
  'name',
  'ready',
  'unacked',
  'total',
  'published',
  'delivered',
  'acked',
  'dying',
  'oldest',
  'consumers',
] as const;
export type QueueSort = (typeof QUEUE_SORTS)[number];

/** `dead-letters`: queues where dead letters have come, or may come by today's topology. */
export const QUEUE_STATES = ['all', 'messages', 'unconsumed', 'dead-letters'] as const;
export type QueueState = (typeof QUEUE_STATES)[number];

export const EXCHANGE_SORTS = ['name', 'type', 'bindings', 'published', 'routed', 'unroutable'] as const;
export type ExchangeSort = (typeof EXCHANGE_SORTS)[number];

export interface QueueQuestion extends ListQuestion<QueueSort> {
  state: QueueState;
}

export interface ExchangeQuestion extends ListQuestion<ExchangeSort> {
  /** Without the exchanges that every vhost has. */
  ownOnly: boolean;
}

export interface Lists {
  queues(actor: Actor, question: QueueQuestion): Promise<ListPage<ListedQueue>>;
  /** In the order asked for; queues that are gone, or that the actor may not see, are left out. */
  queuesNamed(actor: Actor, wanted: readonly QualifiedName[]): Promise<ListedQueue[]>;
  /** Names of queues alone, in their order: suggestions for whoever types one. */
  queueNames(actor: Actor, question: { vhost: string; text: string; limit: number }): Promise<ListPage<string>>;
  exchanges(actor: Actor, question: ExchangeQuestion): Promise<ListPage<ListedExchange>>;
}
