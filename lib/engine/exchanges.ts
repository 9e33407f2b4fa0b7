/** The part of the port that is about exchanges. */
import type { TypedTable } from '../fields/typed-field.ts';
import type { ExchangeCounters } from '../figures/exchange-figures.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Actor } from './actor.ts';

export interface ExchangeInfo {
  vhost: string;
  /** '' is the default exchange. */
  name: string;
  type: string;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  arguments: TypedTable;
  /** True for the default exchange and amq.*: cannot be deleted. */
  predeclared: boolean;
  /** The user who declared the exchange; null: the broker did, or nobody knows any more. */
  declaredBy: string | null;
  /** Bindings from this exchange, and of other exchanges into it. */
  bindingCount: number;
  incomingCount: number;
  /** Messages that wait in the exchange to be routed; null: it does not delay messages. */
  messagesDelayed: number | null;
  /** The name of the policy in effect and what it says; null and {} when there is none. */
  policy: string | null;
  effectivePolicyDefinition: JsonObject;
  /** Messages in, copies out to queues, and messages no queue took. */
  counters: ExchangeCounters;
}

export interface ExchangeDeclaration {
  vhost: string;
  name: string;
  type: string;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  arguments: TypedTable;
}

export interface Exchanges {
  exchange(actor: Actor, vhost: string, name: string): Promise<ExchangeInfo>;
  declareExchange(actor: Actor, declaration: ExchangeDeclaration): Promise<{ created: boolean }>;
  /** Throws NOT_FOUND for one that is not there, ACCESS_REFUSED for one of the broker's own. */
  deleteExchange(actor: Actor, vhost: string, name: string, onlyIf: { unused: boolean }): Promise<void>;
}

/** The commands by name; the table has to be complete. */
export const EXCHANGES: Record<keyof Exchanges, true> = { exchange: true, declareExchange: true, deleteExchange: true };
