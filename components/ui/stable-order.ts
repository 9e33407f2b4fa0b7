'use client';
import { type PointerEventHandler, useRef, useState } from 'react';

/**
 * Keeps rows where they are while the pointer is over them: values change, places do not, and what is new waits.
 * `shape` names the question behind the rows (filter, sort, page): another question is answered at once. `settled` is
 * false while the rows are still those of the question before.
 */
export function useStableOrder<T>(rows: readonly T[], rowKey: (row: T) => string, shape: string, settled = true) {
  const [held, setHeld] = useState(false);
  const shown = useRef<{ shape: string; keys: string[] }>({ shape: '', keys: [] });
  let ordered = rows;
  if (held && settled && shown.current.shape === shape) {
    const byKey = new Map(rows.map((row) => [rowKey(row), row]));
    ordered = shown.current.keys.flatMap((key) => byKey.get(key) ?? []);
  } else if (settled) {
    shown.current = { shape, keys: rows.map(rowKey) };
  }
  const hold: PointerEventHandler = () => setHeld(true);
  const release: PointerEventHandler = () => setHeld(false);
  return { rows: ordered, area: { onPointerEnter: hold, onPointerLeave: release } };
}
