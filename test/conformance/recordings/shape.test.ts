import { describe, expect, test } from 'vitest';
import { DifferenceBook } from './book.ts';
import { familiesOf, familyDifferences } from './exposition-shape.ts';
import { shapeDifferences, shapeOf } from './shape.ts';

const differences = (theirs: unknown, ours: unknown): string[] => shapeDifferences(shapeOf(theirs), shapeOf(ours));

describe('shapes', () => {
  test('are the same whatever the values', () => {
    const shape = (n: number) => ({ name: `q${n}`, messages: n, rates: [{ at: n }], policy: null });
    expect(differences(shape(1), shape(2))).toEqual([]);
  });

  test('differ by keys, at any depth', () => {
    expect(differences({ a: 1, stats: { b: 1 } }, { c: 1, stats: { d: 1 } })).toEqual([
      'missing a',
      'missing stats.b',
      'additional stats.d',
      'additional c',
    ]);
  });

  test('differ by types; null is one', () => {
    expect(differences({ a: 1, b: null }, { a: '1', b: 'x' })).toEqual([
      'type a: string, not number',
      'type b: string, not null',
    ]);
    expect(differences([], {})).toEqual(['type body: object, not array']);
  });

  test('of arrays are those of all their elements', () => {
    expect(differences([{ a: 1 }, { b: 'x' }], [{ a: 1, b: 'x' }])).toEqual([]);
    expect(differences([1, null], [null])).toEqual(['type []: null, not null or number']);
    expect(differences({ items: [{ a: 1 }, { a: 2 }] }, { items: [{ a: 1 }, {}] })).toEqual([
      'sometimes missing items[].a',
    ]);
    expect(differences([1], [])).toEqual(['empty []']);
    expect(differences([], [1])).toEqual(['filled []']);
  });

  test('of what has names that somebody chose are those of the values', () => {
    const queue = (args: object) => ({ arguments: args });
    expect(differences(queue({ 'x-max-length': 5 }), queue({ 'x-expires': 7 }))).toEqual([]);
    expect(differences(queue({ 'x-max-length': 5 }), queue({ 'x-overflow': 'reject-publish' }))).toEqual([
      'type arguments.<name>: string, not number',
    ]);
  });
});

describe('the book of listed differences', () => {
  const listed = [
    { reason: 'there is none', differences: ['missing memory', 'missing io_*'], of: ['node*'] },
    { reason: 'nor this', differences: ['additional *.tls'] },
  ];

  test('knows what is listed, of rows as of one', () => {
    const book = new DifferenceBook(listed);
    expect(book.unlisted('nodes', ['missing [].memory', 'missing [].io_read', 'missing [].fd_used'])).toEqual([
      'missing [].fd_used',
    ]);
    expect(book.unlisted('queue', ['missing memory', 'additional listeners[].tls'])).toEqual(['missing memory']);
    expect(book.unseen()).toEqual([]);
  });

  test('tells what did not occur', () => {
    const book = new DifferenceBook(listed);
    book.unlisted('node', ['missing memory']);
    expect(book.unseen()).toEqual(['missing io_* (there is none)', 'additional *.tls (nor this)']);
  });
});

describe('pages of metrics', () => {
  const families = (page: string) => familiesOf(page);
  const page = [
    '# TYPE depth gauge',
    '# HELP depth Messages',
    'depth{vhost="/",queue="a,b=\\"c\\""} 1',
    '# TYPE took histogram',
    'took_bucket{le="1.0"} 2',
    '',
  ].join('\n');

  test('have families with types and label names', () => {
    expect([...families(page)]).toEqual([
      ['depth', { type: 'gauge', labels: new Set(['queue,vhost']) }],
      ['took', { type: 'histogram', labels: new Set(['']) }],
    ]);
    expect(familyDifferences(families(page), families(page))).toEqual([]);
  });

  test('differ by what is missing, by types and by labels', () => {
    const other = '# TYPE depth counter\ndepth{queue="a"} 1\n# TYPE more gauge\nmore 1\n';
    expect(familyDifferences(families(page), families(other))).toEqual([
      'type of depth: counter, not gauge',
      'labels of depth: queue, not queue,vhost',
      'missing family took',
      'additional family more',
    ]);
  });
});
