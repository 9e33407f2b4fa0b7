'use client';
import { type PointerEventHandler, useRef, useState } from 'react';

/**
 * Keeps rows where they are while the pointer is over them: values change, places do not, and what is new waits.
 * `shape` names the question behind the rows (filter, sort, page): another question is answered at once.
 */
export function useStableOrder<T>(rows: readonly T[], rowKey: (row: T) => string, shape: string) {
  const [held, setHeld] = useState(false);
  const shown = useRef<{ shape: string; keys: string[] }>({ shape, keys: [] });
  const keys = rows.map(rowKey);
  let ordered = rows;
  if (held && shown.current.shape === shape) {
    const byKey = new Map(rows.map((row, i) => [keys[i] as string, row]));
    ordered = shown.current.keys.flatMap((key) => byKey.get(key) ?? []);
  } else {
    shown.current = { shape, keys };
  }
  const hold: PointerEventHandler = () => setHeld(true);
  const release: PointerEventHandler = () => setHeld(false);
  return {
    rows: ordered,
    waiting: rows.length - ordered.length,
    area: { onPointerEnter: hold, onPointerLeave: release },
  };
}
