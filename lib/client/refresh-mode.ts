/** How often pages are renewed. One choice for the whole console, kept in the browser. */
import { useSyncExternalStore } from 'react';

export const REFRESH_MODES = ['live', '5s', 'paused'] as const;
export type RefreshMode = (typeof REFRESH_MODES)[number];

/** Milliseconds between two looks; false: only when asked. */
export const REFRESH_MS: Record<RefreshMode, number | false> = { live: 1000, '5s': 5000, paused: false };
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
