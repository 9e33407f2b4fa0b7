'use client';
import { type ReactNode, type RefObject, useReducer, useRef } from 'react';
import { formatCount } from '../../lib/client/formats.ts';
import { Button } from './button.tsx';
import { cn } from './cn.ts';
import { usePresence } from './presence.ts';
import { newestRows, type StillRows, stillRows } from './still-rows.ts';

/** What a list shows, and the area in which it holds still. */
export interface StillList<T> extends StillRows<T> {
  area: RefObject<HTMLDivElement | null>;
  /** Shows the list as it is now. */
  update: () => void;
}

/**
 * The rows of a live list, which hold still while somebody is in the `StillArea` around it. `question` names what is
 * asked (filter, sort, page): another one is answered at once; null while the rows are still those of the one before.
 */
export function useStillRows<T>(
  newest: readonly T[],
  rowKey: (row: T) => string,
  question: string | null,
): StillList<T> {
  const area = useRef<HTMLDivElement>(null);
  const shown = useRef<StillRows<T>>(newestRows<T>(null, []));
  const [, render] = useReducer((count: number) => count + 1, 0);
  const isStill = usePresence(area);
  const last = useRef<readonly unknown[]>([]);
  const now = [newest, question, isStill];
  // The same list is shown by the same rows, so that a table need not look at them again.
  if (now.some((part, i) => part !== last.current[i]))
    shown.current = isStill ? stillRows(shown.current, question, newest, rowKey) : newestRows(question, newest);
  last.current = now;
  const update = () => {
    shown.current = newestRows(question, newest);
    // The button goes: the keyboard's focus stays in the list.
    if (area.current?.contains(document.activeElement)) area.current.focus({ preventScroll: true });
    render();
  };
  return { ...shown.current, area, update };
}

/** Around a list that holds still. Says what is not shown as it is, below the rows, where nothing moves them. */
export function StillArea<T>({
  list: { area, gone, newCount, isReordered, update },
  className,
  children,
}: {
  list: StillList<T>;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div ref={area} tabIndex={-1} className={cn('relative', className)}>
      {children}
      {(newCount > 0 || gone.size > 0 || isReordered) && (
        <div className="sticky bottom-0 left-0 z-10 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-b-lg border-line border-t bg-accent-soft px-3 py-1.5 text-xs tabular-nums">
          <p className="min-w-0 flex-1">
            <span className="font-medium">
              {newCount > 0 || gone.size > 0
                ? `${formatCount(newCount)} new, ${formatCount(gone.size)} gone`
                : 'In another order now'}
            </span>{' '}
            <span className="text-muted">The list holds still while you are in it.</span>
          </p>
          <Button size="small" onClick={update}>
            Bring up to date
          </Button>
        </div>
      )}
    </div>
  );
}
