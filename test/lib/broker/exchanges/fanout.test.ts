import { expect, test } from 'vitest';
import { FanoutType } from '../../../../lib/broker/exchanges/fanout.ts';
import { boundTo, routed } from './bound-to.ts';

test('a fanout exchange routes to every binding, whatever the keys', () => {
  const type = new FanoutType();
  const bindings = [boundTo('a', ''), boundTo('b', 'k'), boundTo('c', '#')];
  for (const binding of bindings) type.add(binding);
  expect(routed(type, 'x')).toEqual(['a', 'b', 'c']);
  expect(routed(type, '')).toEqual(['a', 'b', 'c']);
  type.remove(bindings[1] as (typeof bindings)[number]);
  expect(routed(type, 'k')).toEqual(['a', 'c']);
});
