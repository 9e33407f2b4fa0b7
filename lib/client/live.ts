/** Whether the page gets events, and the hook that sees to it. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { EventLink, type LinkState } from './event-link.ts';
import { REFRESH_MS, useRefreshMode } from './refresh-mode.ts';
import { type FeedWorld, SharedFeed } from './shared-feed.ts';

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

/** To be used once a page. Links only while the page is visible, so that whoever reads for the others is never asleep. */
export function useEventLink(user: string): void {
  const client = useQueryClient();
  const everyMs = REFRESH_MS[useRefreshMode()];
  useEffect(() => {
    if (everyMs === false) return;
    const link = new EventLink({
      client,
      user,
      feed: (onEvent) => new SharedFeed(browserWorld(), user, onEvent),
      onState: setState,
      onOtherUser: () => window.location.reload(),
    });
    const follow = () => (document.visibilityState === 'visible' ? link.start(everyMs) : link.stop());
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      link.stop();
    };
  }, [client, everyMs, user]);
}

function browserWorld(): FeedWorld {
  const hasSharing = 'locks' in navigator && typeof BroadcastChannel === 'function';
  return {
    open: (url) => new EventSource(url),
    sharing: hasSharing ? { locks: navigator.locks, channel: (name) => new BroadcastChannel(name) } : null,
  };
}
