/** State of a page that belongs in its URL: filter, columns, sort, page, selection, what is opened. */
import { ReadonlyURLSearchParams, usePathname, useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useState } from 'react';
import * as z from 'zod/mini';

type UrlSchema = z.ZodMiniObject<Record<string, z.ZodMiniType>>;
/** Parameters that say where in a list its reader is: they mean nothing in the answer to another question. */
export const PLACE: readonly string[] = ['offset', 'before', 'selected'];

/** An address without the place in any of its lists. */
export function withoutPlace(search: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...search].filter(([name]) => !PLACE.includes(name.slice(name.lastIndexOf('.') + 1))));
}

type Changes<S> = { [K in keyof S]?: S[K] | undefined };

// What cannot be read counts as not there, because anybody can write an address.

/** '' where it is not there. */
export const urlText = z.catch(z.string(), '');
/** 0 where it is not there. */
export const urlCount = z.catch(
  z.pipe(z.pipe(z.string(), z.transform(Number)), z.number().check(z.int(), z.gte(0))),
  0,
);
/** Words without commas, such as keys of columns. */
export const urlWords = z.catch(
  z.pipe(
    z.string(),
    z.transform((text) => text.split(',').filter((word) => word !== '')),
  ),
  [],
);

/** One of a few. */
export function urlChoice<const T extends string>(allowed: readonly T[], otherwise: NoInfer<T>) {
  return z.catch(z.enum(allowed), otherwise);
}

/** One of those to choose from; the first where it is not there. */
export function urlOption<const T extends string>(options: readonly [{ value: T }, ...{ value: T }[]]) {
  const [first] = options;
  return urlChoice<T>(
    options.map(({ value }) => value),
    first.value as NoInfer<T>,
  );
}

/** One of those that have a label. */
export function urlKey<T extends string>(labels: Readonly<Record<T, string>>, otherwise: NoInfer<T>) {
  return urlChoice(Object.keys(labels) as T[], otherwise);
}

/**
 * The state that the address holds, and a function that changes some of it: undefined, or what an address without the
 * parameter means, takes it out. `schema` is a constant of the page. The names of its parameters begin with `prefix`,
 * so that two of a kind have room in one address.
 */
export function useUrlState<S extends UrlSchema>(
  schema: S,
  prefix = '',
): [z.output<S>, (changes: Changes<z.output<S>>) => void] {
  const search = useSearchParams();
  const pathname = usePathname();
  // The router follows a moment later, and a box that is ticked must not wait for it.
  const [ahead, setAhead] = useState({ of: search, search });
  const newest = ahead.of === search ? ahead.search : search;
  const state = useMemo(() => z.parse(schema, parametersOf(newest, prefix)), [schema, newest, prefix]);
  const change = useCallback(
    (changes: Changes<z.output<S>>) => {
      const absent = z.parse(schema, {}) as Record<string, unknown>;
      // From the address itself: two changes in one turn must not undo each other.
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined || String(value) === String(absent[name])) next.delete(prefix + name);
        else next.set(prefix + name, String(value));
      }
      setAhead({ of: search, search: new ReadonlyURLSearchParams(next) });
      // Not the router: nothing on the server depends on it, and typing must not wait for a round trip.
      window.history.replaceState(null, '', next.size === 0 ? pathname : `${pathname}?${next}`);
    },
    [schema, prefix, pathname, search],
  );
  return [state, change];
}

/** The parameters whose names begin with the prefix, by what follows it. */
function parametersOf(search: URLSearchParams, prefix: string): Record<string, string> {
  const own = [...search].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}
