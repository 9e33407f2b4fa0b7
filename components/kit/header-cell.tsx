import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../ui/cn.ts';
import type { SortOrder } from './columns.ts';

/** The head of a column; a button where rows can be sorted by it. */
export function HeaderCell({
  hint,
  isRight,
  sorted,
  onSort,
  className,
  children,
}: {
  hint: string | undefined;
  isRight: boolean;
  sorted: SortOrder | undefined;
  onSort: (() => void) | undefined;
  className: string | undefined;
  children: ReactNode;
}) {
  const Arrow = sorted === 'descending' ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      title={hint}
      aria-sort={sorted}
      className={cn(
        'h-8 truncate px-2 font-medium text-muted text-xs first:pl-3 last:pr-3',
        isRight ? 'text-right' : 'text-left',
        className,
      )}
    >
      {onSort === undefined ? (
        children
      ) : (
        <button
          type="button"
          onClick={onSort}
          className={cn(
            'group relative max-w-full rounded-sm align-middle hover:text-ink',
            sorted !== undefined && 'text-ink',
          )}
        >
          <span className="block truncate">{children}</span>
          <Arrow
            className={cn(
              '-translate-y-1/2 absolute top-1/2 size-3',
              // Beside the word, not in its line: the word keeps its place and its width.
              isRight ? 'right-full' : 'left-full ml-0.5',
              sorted === undefined && 'opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60',
            )}
            aria-hidden
          />
        </button>
      )}
    </th>
  );
}
