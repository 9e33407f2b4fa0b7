/** State of a page that belongs in its URL: filters, sort, tab, selection. */
import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** The parameters, and a function that changes some of them; undefined or '' removes one. */
export function useUrlState(): [URLSearchParams, (changes: Record<string, string | undefined>) => void] {
  const search = useSearchParams();
  const pathname = usePathname();
  const change = useCallback(
    (changes: Record<string, string | undefined>) => {
      // From the address itself: two changes in one turn must not undo each other.
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined || value === '') next.delete(name);
        else next.set(name, value);
      }
      // Not the router: nothing on the server depends on it, and typing must not wait for a round trip.
      window.history.replaceState(null, '', next.size === 0 ? pathname : `${pathname}?${next}`);
    },
    [pathname],
  );
  return [search, change];
}

/** A parameter that must be one of a few. */
export function oneOf<T extends string>(value: string | null, allowed: readonly T[], otherwise: T): T {
  return allowed.find((candidate) => candidate === value) ?? otherwise;
}
