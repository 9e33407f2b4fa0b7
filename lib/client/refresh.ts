/** How often pages ask again. One choice for the whole console, kept in the browser. */
import { type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

export const REFRESH_MODES = ['live', '5s', 'paused'] as const;
export type RefreshMode = (typeof REFRESH_MODES)[number];

const INTERVALS_MS: Record<RefreshMode, number | false> = { live: 1000, '5s': 5000, paused: false };
const STORAGE_KEY = 'warren.refresh';
const listeners = new Set<() => void>();

function readMode(): RefreshMode {
  const stored = localStorage.getItem(STORAGE_KEY);
  return REFRESH_MODES.find((mode) => mode === stored) ?? 'live';
}

export function setRefreshMode(mode: RefreshMode): void {
  localStorage.setItem(STORAGE_KEY, mode);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

export function useRefreshMode(): RefreshMode {
  return useSyncExternalStore(subscribe, readMode, () => 'live');
}

/** A query that is asked again as the refresh choice says. `slowness` stretches what changes seldom or costs much. */
export function useLiveQuery<T, K extends readonly unknown[]>(
  options: UseQueryOptions<T, Error, T, K>,
  slowness = 1,
): UseQueryResult<T> {
  const interval = INTERVALS_MS[useRefreshMode()];
  return useQuery({
    ...options,
    refetchInterval: interval === false ? false : interval * slowness,
    refetchOnWindowFocus: interval !== false,
  });
}
