/** Which vhost the lists show. It stands in the URL, so that a link shows what its sender saw, and is remembered between pages. */
import { useQuery } from '@tanstack/react-query';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { vhostsQuery } from './overview.ts';
import { withoutPlace } from './url-state.ts';

const STORAGE_KEY = 'warren.vhost';
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function remembered(): string | null {
  return sessionStorage.getItem(STORAGE_KEY);
}

function remember(vhost: string | null): void {
  if (vhost === null) sessionStorage.removeItem(STORAGE_KEY);
  else sessionStorage.setItem(STORAGE_KEY, vhost);
  for (const listener of listeners) listener();
}

/** Undefined: all vhosts. */
export function useVhostFilter(): [string | undefined, (vhost: string | undefined) => void] {
  const search = useSearchParams();
  const pathname = usePathname();
  const router = useRouter();
  const stored = useSyncExternalStore(subscribe, remembered, () => null);
  const named = search.get('vhost');
  useEffect(() => {
    if (named !== null && named !== remembered()) remember(named);
  }, [named]);
  const choose = useCallback(
    (vhost: string | undefined) => {
      remember(vhost ?? null);
      const next = withoutPlace(search);
      next.delete('vhost');
      if (next.size === search.size) return;
      router.replace(next.size === 0 ? pathname : `${pathname}?${next}`, { scroll: false });
    },
    [pathname, router, search],
  );
  return [named ?? stored ?? undefined, choose];
}

/** The vhost that a form begins with, and those to choose from. */
export function useVhostChoice(): [string, readonly string[]] {
  const [vhost] = useVhostFilter();
  const vhosts = useQuery(vhostsQuery()).data?.names ?? [];
  return [vhost ?? vhosts[0] ?? '/', vhosts];
}
