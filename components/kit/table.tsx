'use client';
import {
  columnVisibilityFeature,
  type RowData,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { lazy, type ReactNode, type RefCallback, Suspense } from 'react';
import { cn } from '../ui/cn.ts';
import { StillArea, useStillRows } from '../ui/still-area.tsx';
import { presentRows } from '../ui/still-rows.ts';
import { type Column, minWidthOf, type SortOrder } from './columns.ts';
import { HeaderCell } from './header-cell.tsx';
import { Row } from './row.tsx';

export interface Sort {
  key: string;
  order: SortOrder;
}

const FEATURES = tableFeatures({ columnVisibilityFeature, rowSortingFeature });
const NOTHING: readonly string[] = [];
/** Shorter lists are in the page whole, where the browser's own search finds them. */
const VIRTUAL_FROM = 60;
const VirtualBody = lazy(() => import('./virtual-body.tsx').then((module) => ({ default: module.VirtualBody })));

/**
 * A dense table with fixed column widths, so that refreshed numbers move nothing, and with rows that hold still while
 * somebody is in it. Which rows and in which order is the caller's business. Of a long list only the rows in view are
 * in the page.
 */
export function Table<T extends RowData>({
  label,
  columns,
  rows,
  rowKey,
  nowMs = 0,
  question = '',
  rowsOutlast = false,
  empty,
  hidden = NOTHING,
  sort,
  onSort,
  isSelected,
  onOpen,
}: {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** When the rows were true. */
  nowMs?: number;
  /** What the rows answer: filter, sort, page; null while they are still those of the question before. */
  question?: string | null;
  /** What leaves the list is still there, on another page: its row does what it did. */
  rowsOutlast?: boolean;
  /** Instead of a table without rows. */
  empty?: ReactNode;
  /** Keys of columns that are left out. */
  hidden?: readonly string[];
  sort?: Sort | undefined;
  onSort?: ((sort: Sort) => void) | undefined;
  isSelected?: ((row: T) => boolean) | undefined;
  onOpen?: ((row: T) => void) | undefined;
}) {
  const list = useStillRows(rows, rowKey, question);
  const sorting = sort === undefined ? [] : [{ id: sort.key, desc: sort.order === 'descending' }];
  const byKey = new Map(columns.map((column) => [column.key, column]));
  const table = useTable({
    features: FEATURES,
    data: list.rows as T[],
    getRowId: rowKey,
    columns: columns.map(({ key, sort: first }) => ({
      id: key,
      accessorFn: () => null,
      enableSorting: first !== undefined && onSort !== undefined,
      sortDescFirst: first === 'descending',
    })),
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    state: { sorting, columnVisibility: Object.fromEntries(hidden.map((key) => [key, false])) },
    onSortingChange: (change) => {
      const [next] = typeof change === 'function' ? change(sorting) : change;
      if (next !== undefined) onSort?.({ key: next.id, order: next.desc ? 'descending' : 'ascending' });
    },
  });
  if (list.rows.length === 0 && empty !== undefined) return <StillArea list={list}>{empty}</StillArea>;
  const present = presentRows(list, rowKey);
  const shown = table.getVisibleLeafColumns().map((column) => ({ column, ...(byKey.get(column.id) as Column<T>) }));
  const body = table.getRowModel().rows;
  const render = (index: number, measure?: RefCallback<HTMLTableRowElement>) => {
    const { id, original } = body[index] as (typeof body)[number];
    const open = () => onOpen?.(original);
    const hasGone = list.gone.has(id);
    return (
      <Row
        key={id}
        ref={measure}
        index={index}
        hasGone={hasGone}
        isOff={!rowsOutlast && hasGone}
        isSelected={isSelected?.(original) ?? false}
        onOpen={onOpen && open}
      >
        {shown.map(({ key, align, cell }, i) => (
          <td key={key} className={cn('truncate px-2 py-1 first:pl-3 last:pr-3', align === 'right' && 'text-right')}>
            {hasGone && i === 0 && <span className="sr-only">gone: </span>}
            {cell(original, { nowMs, open })}
          </td>
        ))}
      </Row>
    );
  };
  const whole = <tbody>{body.map((_, index) => render(index))}</tbody>;
  return (
    <StillArea list={list}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section className="relative overflow-x-auto" aria-label={label} tabIndex={0}>
        <table
          aria-rowcount={list.rows.length + 1}
          className="w-full table-fixed border-collapse text-sm"
          style={{ minWidth: `${minWidthOf(shown)}rem` }}
        >
          <colgroup>
            {shown.map(({ key, width }) => (
              <col key={key} style={width === undefined ? undefined : { width: `${width}rem` }} />
            ))}
          </colgroup>
          <thead>
            <tr className="border-line border-b" aria-rowindex={1}>
              {shown.map(({ column, key, header, hint, align }) => (
                <HeaderCell
                  key={key}
                  hint={hint}
                  isRight={align === 'right'}
                  sorted={sort?.key === key ? sort.order : undefined}
                  onSort={column.getCanSort() ? () => column.toggleSorting() : undefined}
                >
                  {typeof header === 'function' ? header(present) : header}
                </HeaderCell>
              ))}
            </tr>
          </thead>
          {body.length < VIRTUAL_FROM ? (
            whole
          ) : (
            <Suspense fallback={whole}>
              <VirtualBody keys={body.map(({ id }) => id)} render={render} />
            </Suspense>
          )}
        </table>
      </section>
    </StillArea>
  );
}
