import { describe, expect, test } from 'vitest';
import type { Call } from '../../../lib/management/entry.ts';
import { listing, longListing } from '../../../lib/management/listing.ts';

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

  test.each(['(a*)*b', '(a|a)*b', '(a|aa)+$'])('%s, which would take for ever, is refused', (pattern) => {
    const started = performance.now();
    const query = `page=1&use_regex=true&name=${encodeURIComponent(pattern)}`;
    expect(() => items(query, [`${'a'.repeat(60)}c`])).toThrow('the pattern takes too long');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('what is no expression is refused', () => {
    expect(() => items('page=1&use_regex=true&name=(', ['q'])).toThrow('invalid_regex');
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
