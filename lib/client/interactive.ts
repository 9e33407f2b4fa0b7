import { useSyncExternalStore } from 'react';

/** False in the page as the server sent it, true as soon as its scripts take care of it. */
export function useInteractive(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}
