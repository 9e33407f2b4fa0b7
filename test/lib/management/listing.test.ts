import { describe, expect, test } from 'vitest';
import type { Call } from '../../../lib/management/api-route.ts';
import { listing, longListing } from '../../../lib/management/listing.ts';
import { patternSteps } from '../../../lib/pattern/pattern.ts';
import { SLOW_PATTERN, slowName } from '../pattern/any-pattern.ts';

const call = (query: string) => ({ query: new URLSearchParams(query) }) as Call;
const items = (query: string, names: string[]): unknown => {
  const { body } = listing(
    call(query),
    names.map((name) => ({ name })),
  );
  return (body as { items: { name: string }[] }).items.map(({ name }) => name);
};

describe('a list filtered by a regular expression', () => {
  test('keeps what matches, as KEDA asks for it', () => {
    const query = `page=1&use_regex=true&pagination=false&page_size=100&name=${encodeURIComponent('^q1[0-4]$')}`;
    expect(items(query, ['q1', 'q10', 'q14', 'q15', 'Q12'])).toEqual(['Q12', 'q10', 'q14']);
  });

  test.each([
    ['\\Aorders', ['Orders.eu', 'orders']],
    ['orders\\z', ['orders']],
    ['[[:punct:]]', ['Orders.eu']],
    ['\\Qs.e\\E', ['Orders.eu']],
    ['^(?!orders)', ['payments']],
    ['^[^.]++$', ['orders', 'payments']],
  ])('is read as RabbitMQ reads it: %s', (pattern, found) => {
    const query = `page=1&use_regex=true&name=${encodeURIComponent(pattern)}`;
    expect(items(query, ['orders', 'Orders.eu', 'payments'])).toEqual(found);
  });

  test.each(['(a*)*b', '(a|a)*b', '(a|aa)+$', '^(a+)+$'])('%s is answered, whatever the names are', (pattern) => {
    const query = `page=1&use_regex=true&name=${encodeURIComponent(pattern)}`;
    expect(items(query, [`${'a'.repeat(200)}c`])).toEqual([]);
  });

  test('what is no expression, or none that can be had, is refused with the reason: an empty list would be a lie', () => {
    const refused = (pattern: string) => () =>
      items(`page=1&use_regex=true&name=${encodeURIComponent(pattern)}`, ['q']);
    expect(refused('(')).toThrow(expect.objectContaining({ status: 400, message: '{invalid_regex,{"missing )",1}}' }));
    expect(refused('(q)\\1')).toThrow('{invalid_regex,{"back-references are not supported",4}}');
    expect(refused('(?:x{1000}){1000}')).toThrow('{invalid_regex,{"the pattern is too large",0}}');
  });

  test('one that takes long on names that are made for it is ended', () => {
    const names = [...Array(500)].map((_, i) => slowName(i));
    const before = patternSteps();
    const query = `page=1&use_regex=true&name=${encodeURIComponent(SLOW_PATTERN)}`;
    expect(() => items(query, names)).toThrow('the pattern takes too long');
    expect(patternSteps() - before).toBeLessThan(22_000_000);
  });
});

test('a page of 100 of 10,000 rows makes only the rows that it shows', () => {
  let made = 0;
  const things = Array.from({ length: 10_000 }, (_, i) => ({ name: `q${i}` }));
  listing(call('page=3&page_size=100'), things, (thing) => {
    made++;
    return thing;
  });
  expect(made).toBe(100);
});

test('a page of a long list that is sorted makes only the rows that it shows', async () => {
  const things = Array.from({ length: 10_000 }, (_, i) => ({ name: `q${i}`, size: (i * 7919) % 10_000 }));
  const made: string[] = [];
  const { body } = await longListing(call('page=2&page_size=3&sort=size&sort_reverse=true&columns=name'), {
    things,
    nameOf: ({ name }) => name,
    vhostOf: () => '/',
    keyOf: ({ size }) => size,
    rows: (shown) => {
      for (const { name } of shown) made.push(name);
      return shown.map(({ name, size }) => ({ name, size }));
    },
  });
  const sizes = made.map((name) => things.find((thing) => thing.name === name)?.size);
  expect(sizes).toEqual([9996, 9995, 9994]);
  expect(body).toMatchObject({ page: 2, page_count: 3334, total_count: 10_000, item_count: 3 });
  expect((body as { items: object[] }).items).toEqual(made.map((name) => ({ name })));
});

test('a list is by vhost and name, and what is the same in the wanted column too', () => {
  const things = [
    { vhost: 'v', name: 'a', size: 1 },
    { vhost: '/', name: 'b', size: 2 },
    { vhost: '/', name: 'B', size: 1 },
    { vhost: '/', name: 'a', size: 2 },
  ];
  const names = (query: string) =>
    (listing(call(query), things).body as typeof things).map(({ vhost, name }) => vhost + name);
  expect(names('')).toEqual(['/B', '/a', '/b', 'va']);
  expect(names('sort_reverse=true')).toEqual(['va', '/b', '/a', '/B']);
  expect(names('sort=size')).toEqual(['/B', 'va', '/a', '/b']);
});

test('what is sorted by is read once a thing', () => {
  let read = 0;
  const things = Array.from({ length: 100 }, (_, i) => ({ name: `q${(i * 37) % 100}` }));
  listing(call('sort=name'), things, (thing) => {
    read++;
    return thing;
  });
  expect(read).toBe(100);
});
