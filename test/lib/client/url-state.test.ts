import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { listSchema } from '../../../components/kit/list-state.ts';
import {
  urlChoice,
  urlCount,
  urlKey,
  urlOption,
  urlText,
  urlWords,
  withoutPlace,
} from '../../../lib/client/url-state.ts';

const schema = z.object({
  text: urlText,
  offset: urlCount,
  hide: urlWords,
  state: urlChoice(['all', 'some'], 'all'),
  span: urlKey({ hour: 'Last hour', day: 'Last day' }, 'day'),
});
const ABSENT = { text: '', offset: 0, hide: [], state: 'all', span: 'day' };

test('an address without parameters means the defaults', () => {
  expect(z.parse(schema, {})).toEqual(ABSENT);
});

test('each parameter is read as what it is', () => {
  const search = new URLSearchParams('text=a%20b&offset=200&hide=ready,trend&state=some&span=hour');
  expect(z.parse(schema, Object.fromEntries(search))).toEqual({
    ...{ text: 'a b', offset: 200, hide: ['ready', 'trend'], state: 'some', span: 'hour' },
  });
});

test('what cannot be read counts as not there, and what is unknown is left out', () => {
  for (const offset of ['-1', '1.5', 'x', '1e400'])
    expect(z.parse(schema, { offset, hide: '', state: 'SOME', span: 'toString', other: '1' })).toEqual(ABSENT);
});

test('a list is sorted by its first column that can be, in the order that is wanted first', () => {
  const column = { header: '', cell: () => null };
  const list = listSchema(
    [
      { key: 'features', ...column },
      { key: 'ready', sort: 'descending', ...column },
      { key: 'name', sort: 'ascending', ...column },
    ],
    { state: urlChoice(['all', 'some'], 'all') },
  );
  expect(z.parse(list, {})).toMatchObject({ sort: 'ready', order: 'descending', state: 'all' });
  expect(z.parse(list, { sort: 'name', order: 'ascending' })).toMatchObject({ sort: 'name', order: 'ascending' });
  expect(z.parse(list, { sort: 'features' })).toMatchObject({ sort: 'ready' });
  expect(z.parse(listSchema([{ key: 'agent', ...column }], {}), {})).toMatchObject({ text: '', offset: 0 });
});

test('the place in a list is taken out of an address, of each list in it, and nothing else', () => {
  const search = new URLSearchParams('text=a&offset=100&selected=1,2&queues.offset=8&queues.text=b&before=7&hide=x');
  expect(withoutPlace(search).toString()).toBe('text=a&queues.text=b&hide=x');
});

test('of options the first is meant where none of them stands in the address', () => {
  const option = urlOption([{ value: 'own' }, { value: 'all' }]);
  expect([undefined, 'all', 'else'].map((written) => z.parse(option, written))).toEqual(['own', 'all', 'own']);
});
