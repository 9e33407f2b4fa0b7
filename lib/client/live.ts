/** Whether the page is told what changes, and the hook that sees to it. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { EventLink, type LinkState } from './event-link.ts';
import { REFRESH_MS, useRefreshMode } from './refresh-mode.ts';

let state: LinkState = 'off';
const listeners = new Set<() => void>();

function setState(next: LinkState): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLinkState(): LinkState {
  return useSyncExternalStore(
    subscribe,
    () => state,
    () => 'off',
  );
}

/** Once a page. Only while the page is to be seen: browsers open few connections to one host, for all their pages. */
export function useEventLink(): void {
  const client = useQueryClient();
  const everyMs = REFRESH_MS[useRefreshMode()];
  useEffect(() => {
    if (everyMs === false) return;
    const link = new EventLink(client, (url) => new EventSource(url), setState);
    const look = () => (document.visibilityState === 'visible' ? link.start(everyMs) : link.stop());
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      link.stop();
    };
  }, [client, everyMs]);
}
