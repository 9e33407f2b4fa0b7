/** The part of the port that is about bindings. */
import type { TypedTable } from '../fields/typed-field.ts';
import type { Actor } from './actor.ts';
import type { ListPage } from './lists.ts';

export interface BindingInfo {
  vhost: string;
  /** '' is the default exchange. */
  source: string;
  destinationType: 'queue' | 'exchange';
  destination: string;
  routingKey: string;
  arguments: TypedTable;
}

/** Asks for the bindings that have one end in common, in the order in which they were made. */
export interface BindingQuestion {
  vhost: string;
  /** The common end: the exchange that the bindings come from, or what they lead to. */
  of: { source: string } | { destinationType: BindingInfo['destinationType']; destination: string };
  /** A part of the name at the other end or of the routing key, whatever its case; left out: any. */
  text?: string;
  /** Left out: from the first. */
  offset?: number;
  /** Left out: all. */
  limit?: number;
}

export interface Bindings {
  /** Without the implicit ones of the default exchange. */
  bindings(actor: Actor, question: BindingQuestion): Promise<ListPage<BindingInfo>>;
  bind(actor: Actor, binding: BindingInfo): Promise<void>;
  unbind(actor: Actor, binding: BindingInfo): Promise<void>;
}

/** The commands by name; the table has to be complete. */
export const BINDINGS: Record<keyof Bindings, true> = { bindings: true, bind: true, unbind: true };
