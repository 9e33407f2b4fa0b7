/** The part of the port that tells which way a message would take. */

import type { TypedTable } from '../fields/typed-field.ts';
import type { Actor } from './actor.ts';
import type { Publication } from './messages.ts';

/** A message without its body: no exchange looks at that. CC and BCC are among its headers. */
export type RouteQuestion = Omit<Publication, 'body'>;

/** A way out of an exchange. */
export interface RouteBinding {
  destinationType: 'queue' | 'exchange';
  destination: string;
  /** Null: the default exchange, which sends to the queue of that name without a binding. */
  routingKey: string | null;
  arguments: TypedTable;
  /** The keys that brought the message to this exchange: its routing key, and those of CC and BCC. */
  matched: string[];
  /** `chance`: this one or another, nobody knows before; `passed-over`: the exchange chose another for this message. */
  taken: 'yes' | 'chance' | 'passed-over';
}

/** An exchange on the way. */
export interface RouteExchange {
  name: string;
  type: string;
  /** The message comes here whatever chance decides before. */
  isCertain: boolean;
  /** Only one of the exchange's bindings gets a message. */
  isSingleChoice: boolean;
  /**
   * `kept`: it waits here as long as its x-delay says, and goes on then; `stop`: it goes nowhere, because one with the
   * same x-deduplication-header came before; `refused`: it cannot be kept although it should be.
   */
  passage: 'pass' | 'stop' | 'kept' | 'refused';
  bindings: RouteBinding[];
  /** The exchange that is asked because nothing matched; null: there is none or it was not needed. */
  alternateExchange: { name: string; exists: boolean } | null;
}

export interface RouteAnswer {
  /** Every queue once; `isCertain` is false where chance decides. At most 1,000. */
  queues: { name: string; isCertain: boolean }[];
  /** How many queues there are in all. */
  queueCount: number;
  /** Exchanges in the order of the way, beginning with the one that was asked for. Each once, at most 200. */
  exchanges: RouteExchange[];
  /** There are more queues, exchanges or bindings on the way than the answer names. */
  isCut: boolean;
  /** Why this user could not publish such a message; null: it could. */
  refusal: string | null;
}

export interface Routing {
  /**
   * Which queues a message would reach now, and by which bindings; nothing is published. The actor needs read access to
   * the exchange; where it has topic permissions there, the routing keys must be among them.
   */
  route(actor: Actor, question: RouteQuestion): Promise<RouteAnswer>;
}

/** The commands by name; the table has to be complete. */
export const ROUTING: Record<keyof Routing, true> = { route: true };
