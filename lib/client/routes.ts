/** Where messages would go: the question, and its answer as a tree to draw. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { RouteAnswer, RouteBinding, RouteExchange, RouteQuestion } from '../engine/routing.ts';
import { act } from './api.ts';

export type { RouteAnswer, RouteBinding, RouteExchange } from '../engine/routing.ts';

export function routeQuery(question: RouteQuestion) {
  return queryOptions({
    queryKey: ['route', question] as const,
    queryFn: () => act('POST', '/route', question),
    // The answer for the key before stays for the moment that the new one takes.
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** An exchange where a drawing of the way first comes to it. */
export interface RouteNode {
  exchange: RouteExchange;
  ways: RouteWay[];
  /** Bindings that the exchange could have chosen and did not. */
  passedOver: RouteBinding[];
  /** Null: no other exchange is asked. `node` is null where there is none, or it stands elsewhere in the drawing. */
  alternate: { name: string; exists: boolean; node: RouteNode | null } | null;
}

export interface RouteWay {
  binding: RouteBinding;
  /** Null: the branch ends in a queue, or in an exchange that stands elsewhere in the drawing. */
  node: RouteNode | null;
}

/** The tree of an answer: each exchange once, with the way on where it stands first. Undefined: there are no exchanges. */
export function routeTree({ exchanges }: Pick<RouteAnswer, 'exchanges'>): RouteNode | undefined {
  const left = new Map(exchanges.map((exchange) => [exchange.name, exchange]));
  const nodeOf = (name: string): RouteNode | null => {
    const exchange = left.get(name);
    if (exchange === undefined) return null;
    left.delete(name);
    const alternate = exchange.alternateExchange;
    return {
      exchange,
      ways: exchange.bindings
        .filter(({ taken }) => taken !== 'passed-over')
        .map((binding) => ({
          binding,
          node: binding.destinationType === 'exchange' ? nodeOf(binding.destination) : null,
        })),
      passedOver: exchange.bindings.filter(({ taken }) => taken === 'passed-over'),
      alternate: alternate && { ...alternate, node: nodeOf(alternate.name) },
    };
  };
  return nodeOf(exchanges[0]?.name ?? '') ?? undefined;
}
