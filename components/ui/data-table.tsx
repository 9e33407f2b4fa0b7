'use client';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { cn } from './cn.ts';
import { StillArea, useStillRows } from './still-area.tsx';
import { presentRows } from './still-rows.ts';

export interface Column<T> {
  key: string;
  /** A function: of the rows that are shown and have not gone. */
  header: ReactNode | ((rows: readonly T[]) => ReactNode);
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

/** Why a row that has gone does nothing any more. */
const GONE = 'It is no longer in this list';

/**
 * A dense table with fixed column widths, so that refreshed numbers move nothing, and with rows that hold still while
 * somebody is in it. Which rows and in which order is the caller's business.
 */
export function DataTable<T>({
  label,
  columns,
  rows,
  rowKey,
  question = '',
  rowsOutlast = false,
  empty,
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
  /** What the rows answer: filter, sort, page; null while they are still those of the question before. */
  question?: string | null;
  /** What leaves the list is still there, on another page: its row does what it did. */
  rowsOutlast?: boolean;
  /** Instead of a table without rows. */
  empty?: ReactNode;
  sort?: Sort;
  onSort?: (key: string) => void;
  /** Below this the table scrolls sideways. */
  minWidth?: string;
  isSelected?: (row: T) => boolean;
  /** A click anywhere on the row. Keyboards need a button in a cell for the same. */
  onOpen?: (row: T) => void;
}) {
  const list = useStillRows(rows, rowKey, question);
  if (list.rows.length === 0 && empty !== undefined) return <StillArea list={list}>{empty}</StillArea>;
  const present = presentRows(list, rowKey);
  return (
    <StillArea list={list}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
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
                <HeaderCell key={column.key} column={column} rows={present} sort={sort} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {list.rows.map((row) => (
              <Row
                key={rowKey(row)}
                row={row}
                columns={columns}
                hasGone={list.gone.has(rowKey(row))}
                isOff={!rowsOutlast && list.gone.has(rowKey(row))}
                isSelected={isSelected?.(row) ?? false}
                onOpen={onOpen}
              />
            ))}
          </tbody>
        </table>
      </section>
    </StillArea>
  );
}

function Row<T>({
  row,
  columns,
  hasGone,
  isOff,
  isSelected,
  onOpen,
}: {
  row: T;
  columns: readonly Column<T>[];
  /** The row has left the list. */
  hasGone: boolean;
  /** The row does nothing any more. */
  isOff: boolean;
  isSelected: boolean;
  onOpen: ((row: T) => void) | undefined;
}) {
  return (
    <tr
      aria-disabled={isOff || undefined}
      title={hasGone ? GONE : undefined}
      onClickCapture={isOff ? refuse : undefined}
      onClick={onOpen && ((event) => !isControl(event.target) && onOpen(row))}
      className={cn(
        'h-8 border-line border-b last:border-b-0 hover:bg-hover',
        onOpen !== undefined && 'cursor-pointer',
        isSelected && 'bg-accent-soft hover:bg-accent-soft',
        hasGone && 'bg-sunken hover:bg-sunken [&_*]:line-through',
        isOff && 'cursor-not-allowed opacity-75 [&_*]:cursor-not-allowed',
      )}
    >
      {columns.map((column, i) => (
        <td
          key={column.key}
          className={cn('truncate px-2 py-1 first:pl-3 last:pr-3', column.align === 'right' && 'text-right')}
        >
          {hasGone && i === 0 && <span className="sr-only">gone: </span>}
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** Refuses clicks on links, buttons and boxes of a row. They keep the focus, which disabled ones would lose. */
function refuse(event: MouseEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a,button,input,label,select') !== null;
}

function HeaderCell<T>({
  column,
  rows,
  sort,
  onSort,
}: {
  column: Column<T>;
  rows: readonly T[];
  sort: Sort | undefined;
  onSort: ((key: string) => void) | undefined;
}) {
  const sorted = sort?.key === column.key ? sort.order : undefined;
  const Arrow = sorted === 'descending' ? ArrowDown : ArrowUp;
  const header = typeof column.header === 'function' ? column.header(rows) : column.header;
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
          <span className="block truncate">{header}</span>
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
        header
      )}
    </th>
  );
}
