'use client';
import { useEffect, useRef } from 'react';
import { isPlainKey } from '../../lib/client/plain-key.ts';

export type Shortcuts = Readonly<Record<string, () => void>>;

const SECOND_KEY_MS = 1200;

/**
 * Calls back on single keys ('?') and on sequences of two ('g q'), never while something is typed or a dialog is open,
 * and never with a modifier: those belong to the browser.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    let first: { key: string; atMs: number } | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (!isPlainKey(event)) return;
      if (document.querySelector('[role="dialog"],[role="menu"]') !== null) return;
      const sequence =
        first !== undefined && event.timeStamp - first.atMs < SECOND_KEY_MS ? `${first.key} ${event.key}` : event.key;
      first = undefined;
      const act = current.current[sequence];
      if (act !== undefined) {
        event.preventDefault();
        act();
      } else if (Object.keys(current.current).some((known) => known.startsWith(`${event.key} `))) {
        first = { key: event.key, atMs: event.timeStamp };
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
