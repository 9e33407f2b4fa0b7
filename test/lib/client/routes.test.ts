import { expect, test } from 'vitest';
import { type RouteBinding, type RouteExchange, routeTree } from '../../../lib/client/routes.ts';

const exchange = (name: string, ...bindings: RouteBinding[]): RouteExchange => ({
  name,
  type: 'fanout',
  isCertain: true,
  isSingleChoice: false,
  passage: 'pass',
  bindings,
  alternateExchange: null,
});

const to = (destination: string, destinationType: 'queue' | 'exchange' = 'exchange'): RouteBinding => ({
  destination,
  destinationType,
  routingKey: '',
  arguments: [],
  matched: [''],
  taken: 'yes',
});

test('every exchange stands once, where the way first comes to it', () => {
  const tree = routeTree({
    exchanges: [exchange('a', to('b'), to('c')), exchange('b', to('c'), to('a')), exchange('c', to('q', 'queue'))],
  });
  expect(tree?.exchange.name).toBe('a');
  const [b, again] = tree?.ways ?? [];
  expect(b?.node?.exchange.name).toBe('b');
  expect(b?.node?.ways.map(({ node }) => node?.exchange.name ?? null)).toEqual(['c', null]);
  expect(b?.node?.ways[0]?.node?.ways).toMatchObject([{ binding: { destination: 'q' }, node: null }]);
  expect(again?.node).toBeNull();
});

test('bindings that were passed over lead nowhere', () => {
  const tree = routeTree({
    exchanges: [exchange('a', to('q', 'queue'), { ...to('r', 'queue'), taken: 'passed-over' })],
  });
  expect(tree?.ways.map(({ binding }) => binding.destination)).toEqual(['q']);
  expect(tree?.passedOver.map(({ destination }) => destination)).toEqual(['r']);
});

test('an alternate exchange goes on, and one that is missing does not', () => {
  const asks = (name: string, exists: boolean): RouteExchange => ({
    ...exchange('a'),
    alternateExchange: { name, exists },
  });
  const tree = routeTree({ exchanges: [asks('rest', true), exchange('rest', to('q', 'queue'))] });
  expect(tree?.alternate?.node?.ways).toHaveLength(1);
  expect(routeTree({ exchanges: [asks('gone', false)] })?.alternate).toEqual({
    name: 'gone',
    exists: false,
    node: null,
  });
  expect(routeTree({ exchanges: [] })).toBeUndefined();
});
