import { expect, test } from 'vitest';
import { DirectType } from '../../../../lib/broker/exchanges/direct.ts';
import { boundTo, routed } from './bound-to.ts';

test('a direct exchange routes to every binding whose key equals the routing key', () => {
  const type = new DirectType();
  for (const binding of [boundTo('a', 'k'), boundTo('b', 'k'), boundTo('c', 'K'), boundTo('d', '#')]) type.add(binding);
  expect(routed(type, 'k')).toEqual(['a', 'b']);
  expect(routed(type, 'K')).toEqual(['c']);
  expect(routed(type, '#')).toEqual(['d']);
  expect(routed(type, 'x')).toEqual([]);
});

test('the empty routing key is a key like any other', () => {
  const type = new DirectType();
  type.add(boundTo('a', ''));
  expect(routed(type, '')).toEqual(['a']);
  expect(routed(type, 'k')).toEqual([]);
});

test('a destination bound twice with one key and different arguments stays until both are gone', () => {
  const type = new DirectType();
  const first = boundTo('a', 'k');
  const second = { ...first, arguments: [['x', { type: 'V' }]] as typeof first.arguments };
  type.add(first);
  type.add(second);
  expect(routed(type, 'k')).toEqual(['a']);
  type.remove(first);
  expect(routed(type, 'k')).toEqual(['a']);
  type.remove(second);
  expect(routed(type, 'k')).toEqual([]);
});
