/** Queries that are renewed as the refresh choice says: by the stream of events, or by asking where there is none. */
import { type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { isAbsent } from './api.ts';
import { PUSHED_KEYS } from './event-link.ts';
import { useLinkState } from './live.ts';
import { REFRESH_MS, useRefreshMode } from './refresh-mode.ts';

const ABSENT_SLOWNESS = 30;

/**
 * A query that is asked again as the refresh choice says. `slowness` stretches what changes seldom or costs much. What
 * the stream of events brings is not asked for while that is live, and what is not there seldom: that it has come is an
 * event.
 */
export function useLiveQuery<T, K extends readonly unknown[]>(
  options: UseQueryOptions<T, Error, T, K>,
  slowness = 1,
): UseQueryResult<T> {
  const interval = REFRESH_MS[useRefreshMode()];
  const isPushedNow = useLinkState() === 'live' && isPushed(options.queryKey);
  return useQuery({
    ...options,
    refetchInterval: ({ state: { error } }) =>
      interval === false || isPushedNow ? false : interval * (isAbsent(error) ? ABSENT_SLOWNESS : slowness),
    refetchOnWindowFocus: interval !== false,
  });
}

function isPushed(queryKey: readonly unknown[]): boolean {
  return PUSHED_KEYS.some((prefix) => prefix.every((part, i) => queryKey[i] === part));
}
