'use client';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

export interface Column<T> {
  key: string;
  header: ReactNode;
  /** What the header means, where its word is not enough. */
  hint?: string;
  /** Numbers stand at the right. */
  align?: 'left' | 'right';
  /** A CSS width; columns without one share what is left. */
  width?: string;
  sortable?: boolean;
  cell: (row: T) => ReactNode;
}

export interface Sort {
  key: string;
  order: 'ascending' | 'descending';
}

/**
 * A dense table with fixed column widths, so that refreshed numbers move nothing. Which rows and in which order is the
 * caller's business.
 */
export function DataTable<T>({
  label,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  minWidth,
  isSelected,
  onOpen,
}: {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  sort?: Sort;
  onSort?: (key: string) => void;
  /** Below this the table scrolls sideways. */
  minWidth?: string;
  isSelected?: (row: T) => boolean;
  /** A click anywhere on the row. Keyboards need a button in a cell for the same. */
  onOpen?: (row: T) => void;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section className="relative overflow-x-auto" aria-label={label} tabIndex={0}>
      <table className="w-full table-fixed border-collapse text-sm" style={{ minWidth }}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr className="border-line border-b">
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              onClick={onOpen && ((event) => !isControl(event.target) && onOpen(row))}
              className={cn(
                'h-8 border-line border-b last:border-b-0 hover:bg-hover',
                onOpen !== undefined && 'cursor-pointer',
                isSelected?.(row) && 'bg-accent-soft hover:bg-accent-soft',
              )}
            >
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={cn('truncate px-2 py-1 first:pl-3 last:pr-3', column.align === 'right' && 'text-right')}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a,button,input,label,select') !== null;
}

function HeaderCell<T>({
  column,
  sort,
  onSort,
}: {
  column: Column<T>;
  sort: Sort | undefined;
  onSort: ((key: string) => void) | undefined;
}) {
  const sorted = sort?.key === column.key ? sort.order : undefined;
  const Arrow = sorted === 'descending' ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      title={column.hint}
      aria-sort={sorted}
      className={cn(
        'h-8 truncate px-2 font-medium text-muted text-xs first:pl-3 last:pr-3',
        column.align === 'right' ? 'text-right' : 'text-left',
      )}
    >
      {column.sortable && onSort !== undefined ? (
        <button
          type="button"
          onClick={() => onSort(column.key)}
          className={cn(
            'group relative max-w-full rounded-sm align-middle hover:text-ink',
            sorted !== undefined && 'text-ink',
          )}
        >
          <span className="block truncate">{column.header}</span>
          <Arrow
            className={cn(
              '-translate-y-1/2 absolute top-1/2 size-3',
              // Beside the word, not in its line: the word keeps its place and its width.
              column.align === 'right' ? 'right-full' : 'left-full ml-0.5',
              sorted === undefined && 'opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60',
            )}
            aria-hidden
          />
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}
