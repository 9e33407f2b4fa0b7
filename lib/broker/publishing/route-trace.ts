/**
 * The way a message would take through a vhost, with the bindings that it follows. Nothing is published and nothing
 * remembered. Every choice is the exchanges' own: the types are asked where the message goes, and then, with one
 * binding at a time, by which bindings. Where it goes is told in full; the bindings only up to a limit.
 */
import type { FieldTable } from '../../amqp/field-table.ts';
import type { Binding, Destination } from '../exchanges/binding.ts';
import type { Exchange } from '../exchanges/exchange.ts';
import type { Passage } from '../exchanges/exchange-type.ts';
import { LIMITS } from '../limits.ts';
import type { Message } from '../messages/message.ts';
import type { Queue } from '../queues/queue.ts';

/** A way out of an exchange. */
export interface TracedBinding {
  destination: Destination;
  /** Null: the default exchange, which sends to the queue of that name. */
  binding: Binding | null;
  /** The keys of the message that the binding matches. */
  routingKeys: string[];
  /** `chance`: this one or another, it is not known before; `passed-over`: the exchange chose another. */
  taken: 'yes' | 'chance' | 'passed-over';
}

export interface TracedExchange {
  exchange: Exchange;
  /** The message comes here whatever chance decides on the way. */
  isCertain: boolean;
  passage: Passage;
  bindings: TracedBinding[];
  /** The alternate exchange that the message goes to because nothing matched; it may be missing. Null: none is asked. */
  alternateExchange: string | null;
}

export interface RouteTrace {
  /** In the order of the way, the first one first. */
  exchanges: TracedExchange[];
  /** The queues that are reached; true: whatever chance decides. */
  queues: Map<Queue, boolean>;
  /** Not every exchange or binding on the way is told. */
  isCut: boolean;
}

/** The message that is asked about: the first key is the routing key, the others are those of CC and BCC. */
export interface Question {
  routingKeys: readonly string[];
  headers: FieldTable;
  message: Message;
}

/** The destinations that an exchange chooses, with the keys by which it does. */
interface Choice {
  found: Map<Destination, string[]>;
  /** Only one of the destinations gets the message, and nobody knows which. */
  isByChance: boolean;
}

/** `exchanges`: all of the vhost. */
export function traceRoute(start: Exchange, exchanges: ReadonlyMap<string, Exchange>, question: Question): RouteTrace {
  const trace: RouteTrace = { exchanges: [], queues: new Map(), isCut: false };
  const visited = new Set<Exchange>();
  const explanation = new Explanation(question);
  /** Goes as far as nothing is left to chance; returns the exchanges behind a choice by chance. */
  const walk = (pending: Exchange[], isCertain: boolean): Exchange[] => {
    const behindChance: Exchange[] = [];
    for (let next = pending.shift(); next; next = pending.shift()) {
      if (visited.has(next)) continue;
      visited.add(next);
      const passage = next.type.foresee?.(() => question.headers) ?? 'pass';
      const choice = passage === 'pass' || passage === 'kept' ? choose(next, question) : NO_CHOICE;
      const { found, isByChance } = choice;
      for (const destination of found.keys()) {
        if (destination.kind === 'exchange') (isByChance ? behindChance : pending).push(destination);
        else if (!isByChance && isCertain) trace.queues.set(destination, true);
        else if (!trace.queues.has(destination)) trace.queues.set(destination, false);
      }
      const asksAlternate = found.size === 0 && (passage === 'pass' || passage === 'stop');
      const alternateExchange = asksAlternate ? next.alternateExchange : null;
      const alternate = alternateExchange === null ? undefined : exchanges.get(alternateExchange);
      if (alternate) pending.push(alternate);
      if (trace.exchanges.length === LIMITS.tracedExchangesMax) trace.isCut = true;
      else {
        const bindings = explanation.of(next, choice);
        trace.exchanges.push({ exchange: next, isCertain, passage, bindings, alternateExchange });
      }
    }
    return behindChance;
  };
  // What is certain comes first, so that an exchange that is reached both ways counts as certain.
  let pending = walk([start], true);
  while (pending.length > 0) pending = walk(pending, false);
  trace.isCut ||= explanation.isCut;
  return trace;
}

const NO_CHOICE: Choice = { found: new Map(), isByChance: false };

function choose({ type, bindings }: Exchange, { routingKeys, headers, message }: Question): Choice {
  const found = new Map<Destination, string[]>();
  const keys = type.isSingleChoice ? routingKeys.slice(0, 1) : routingKeys;
  if (type.isByChance) {
    for (const { destination } of bindings.values()) found.set(destination, [...keys]);
    return { found, isByChance: found.size > 1 };
  }
  for (const key of keys) {
    const reached = new Set<Destination>();
    type.route(key, () => headers, reached, message);
    for (const destination of reached) found.set(destination, [...(found.get(destination) ?? []), key]);
  }
  return { found, isByChance: false };
}

/** Names the bindings behind choices, until it has named or looked at too many. */
class Explanation {
  isCut = false;
  private readonly question: Question;
  private listed = 0;
  private examined = 0;

  constructor(question: Question) {
    this.question = question;
  }

  of(exchange: Exchange, choice: Choice): TracedBinding[] {
    const bindings: TracedBinding[] = [];
    for (const binding of this.candidates(exchange, choice)) {
      if (this.listed === LIMITS.tracedBindingsMax) {
        this.isCut = true;
        break;
      }
      this.listed++;
      bindings.push(binding);
    }
    return bindings;
  }

  private *candidates(exchange: Exchange, { found, isByChance }: Choice): Generator<TracedBinding> {
    const { type } = exchange;
    for (const [destination, routingKeys] of found) {
      const taken = isByChance ? 'chance' : 'yes';
      if (exchange.name === '') yield { destination, binding: null, routingKeys, taken };
      else
        for (const binding of this.bindingsTo(destination, exchange)) {
          const matched = type.isSingleChoice ? routingKeys : this.matchedKeys(exchange, binding);
          if (matched.length > 0) yield { destination, binding, routingKeys: matched, taken };
        }
    }
    if (!type.isSingleChoice || isByChance) return;
    for (const binding of exchange.bindings.values()) {
      const { destination } = binding;
      if (!found.has(destination)) yield { destination, binding, routingKeys: [], taken: 'passed-over' };
    }
  }

  private *bindingsTo(destination: Destination, exchange: Exchange): Generator<Binding> {
    for (const binding of destination.incoming) {
      if (this.examined === LIMITS.examinedBindingsMax) {
        this.isCut = true;
        return;
      }
      this.examined++;
      if (binding.source === exchange) yield binding;
    }
  }

  private matchedKeys({ type }: Exchange, binding: Binding): string[] {
    const probe = type.probe?.();
    if (probe === undefined) return [];
    const { routingKeys, headers, message } = this.question;
    probe.add(binding);
    return routingKeys.filter((key) => {
      const found = new Set<Destination>();
      probe.route(key, () => headers, found, message);
      return found.size > 0;
    });
  }
}
