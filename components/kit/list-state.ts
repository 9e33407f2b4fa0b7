'use client';
/** Filter, columns, sort, page, selection and opened row of a list, as its address has them. */
import { useMemo } from 'react';
import * as z from 'zod/mini';
import { PLACE, urlChoice, urlCount, urlText, urlWords, useUrlState } from '../../lib/client/url-state.ts';
import { useVhostFilter } from '../../lib/client/vhost-filter.ts';
import type { Column, SortOrder } from './columns.ts';
import type { Sort } from './table.tsx';

/** The parameters of every list; `more` are its own. The first column that can be sorted by is the order of an address without one. */
export function listSchema<K extends string, M extends z.core.$ZodShape>(
  columns: readonly Column<never, K>[],
  more: M,
) {
  const sorts = columns.flatMap((column) => (column.sort === undefined ? [] : [column]));
  const keys = sorts.map(({ key }) => key);
  const order = sorts[0]?.sort ?? 'ascending';
  return z.object({
    text: urlText,
    sort: urlChoice(keys, keys[0] as K),
    order: urlChoice<SortOrder>(['ascending', 'descending'], order),
    offset: urlCount,
    hide: urlWords,
    selected: urlWords,
    opened: urlText,
    ...more,
  });
}

interface ListParameters {
  text: string;
  sort: string;
  order: SortOrder;
  offset: number;
  hide: string[];
  selected: string[];
  opened: string;
}

/** Not part of the question: they change what is seen of the answer. */
const OF_THE_READER: readonly string[] = ['hide', 'selected', 'opened'];
/** Part of the question, but no filter. */
const OF_THE_ORDER: readonly string[] = ['sort', 'order', 'offset', 'before'];

export interface List<S extends ListParameters = ListParameters> {
  state: S;
  /** Undefined: all vhosts. */
  vhost: string | undefined;
  /** What is asked, as a text. */
  question: string;
  isFiltered: boolean;
  /** Nothing of the answer stands before what is shown. */
  isFirstPage: boolean;
  change(changes: Partial<S>): void;
  /** Another question begins at its first page, with nothing chosen. */
  ask(changes: Partial<S>): void;
  onSort: (sort: Sort) => void;
  /** Takes every filter away. */
  clear: () => void;
}

/**
 * The state of a list. `schema` is a constant of the page, by `listSchema`; `prefix`, as `queues.`, is for a list beside
 * another on its page.
 */
export function useList<X extends z.ZodMiniObject & { _zod: { output: ListParameters } }>(
  schema: X,
  prefix?: string,
): List<z.output<X>> {
  type S = z.output<X>;
  const [state, write] = useUrlState(schema as never, prefix) as unknown as [S, (changes: object) => void];
  const [vhost] = useVhostFilter();
  const absent = useMemo(() => z.parse(schema, {}) as Record<string, unknown>, [schema]);
  const asked = Object.entries(state).filter(([name]) => !OF_THE_READER.includes(name));
  const filters = asked.filter(([name]) => !OF_THE_ORDER.includes(name));
  const ask = (changes: object) => write({ ...Object.fromEntries(PLACE.map((name) => [name, undefined])), ...changes });
  return {
    state,
    vhost,
    question: JSON.stringify([vhost, asked]),
    isFiltered: filters.some(([name, value]) => value !== absent[name]),
    isFirstPage: asked.every(([name, value]) => !PLACE.includes(name) || value === absent[name]),
    change: write,
    ask,
    onSort: ({ key, order }) => ask({ sort: key, order }),
    clear: () => ask(Object.fromEntries(filters.map(([name]) => [name, undefined]))),
  };
}
