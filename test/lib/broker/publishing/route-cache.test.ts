import { expect, test } from 'vitest';
import { DirectType } from '../../../../lib/broker/exchanges/direct.ts';
import { Exchange } from '../../../../lib/broker/exchanges/exchange.ts';
import { LIMITS } from '../../../../lib/broker/limits.ts';
import { encodeAddress } from '../../../../lib/broker/messages/message.ts';
import { Route, RouteCache } from '../../../../lib/broker/publishing/route-cache.ts';

const options = {
  type: 'direct' as const,
  durable: false,
  autoDelete: false,
  internal: false,
  declaredBy: '',
  arguments: [],
  alternateExchange: null,
};
const exchange = new Exchange('/', 'e', options, new DirectType());
const routeTo = (key: string, version = 1): Route => new Route(encodeAddress('e', key), exchange, key, [], version);
const find = (cache: RouteCache, key: string, version = 1): Route | undefined => {
  const address = Buffer.concat([Buffer.from('xx'), encodeAddress('e', key), Buffer.from('yy')]);
  return cache.find(address, 2, address.length - 2, version);
};

test('a route is found by its address wherever the bytes are', () => {
  const cache = new RouteCache();
  const route = routeTo('k');
  cache.keep(route);
  expect(find(cache, 'k')).toBe(route);
  expect(find(cache, 'l')).toBeUndefined();
  expect(find(cache, '')).toBeUndefined();
  expect(find(cache, 'kk')).toBeUndefined();
});

test('a route of another version is not found', () => {
  const cache = new RouteCache();
  cache.keep(routeTo('k', 1));
  expect(find(cache, 'k', 2)).toBeUndefined();
  const newer = routeTo('k', 2);
  cache.keep(newer);
  expect(find(cache, 'k', 2)).toBe(newer);
});

test('ten times as many routes as it has places: whatever is found is right, and the latest is always found', () => {
  const cache = new RouteCache();
  for (let i = 0; i < LIMITS.routeCacheEntries * 10; i++) {
    const route = routeTo(`key ${i}`);
    cache.keep(route);
    expect(find(cache, `key ${i}`)).toBe(route);
  }
  let found = 0;
  for (let i = 0; i < LIMITS.routeCacheEntries * 10; i++) {
    const route = find(cache, `key ${i}`);
    if (route === undefined) continue;
    expect(route.routingKey).toBe(`key ${i}`);
    found++;
  }
  expect(found).toBeGreaterThan(LIMITS.routeCacheEntries / 2);
  expect(found).toBeLessThanOrEqual(LIMITS.routeCacheEntries);
});

test('exchange and key are told apart: "a" + "bc" is not "ab" + "c"', () => {
  const cache = new RouteCache();
  cache.keep(new Route(encodeAddress('a', 'bc'), exchange, 'bc', [], 1));
  const other = encodeAddress('ab', 'c');
  expect(cache.find(other, 0, other.length, 1)).toBeUndefined();
});
