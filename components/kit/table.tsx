'use client';
import { useQuery } from '@tanstack/react-query';
import {
  columnVisibilityFeature,
  type RowData,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type CSSProperties, lazy, type ReactNode, type RefCallback, Suspense, useMemo, useRef } from 'react';
import { capabilitiesQuery, lackOf, limitOf } from '../../lib/client/capabilities.ts';
import { cn } from '../ui/cn.ts';
import { StillArea, useStillRows } from '../ui/still-area.tsx';
import { presentRows } from '../ui/still-rows.ts';
import { type Column, minWidthOf, narrowMinWidthOf, type SortOrder } from './columns.ts';
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
/** Of a column that a narrow table has no room for. */
const WIDE = '@max-lg:hidden';
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
  const capabilities = useQuery(capabilitiesQuery()).data;
  const { key: sortKey, order: sortOrder } = sort ?? {};
  const sorting = useMemo(
    () => (sortKey === undefined ? [] : [{ id: sortKey, desc: sortOrder === 'descending' }]),
    [sortKey, sortOrder],
  );
  const byKey = new Map(columns.map((column) => [column.key, column]));
  const table = useTable({
    features: FEATURES,
    data: list.rows as T[],
    getRowId: rowKey,
    columns: useDefinitions(columns, onSort !== undefined),
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    state: {
      sorting,
      columnVisibility: useMemo(() => Object.fromEntries(hidden.map((key) => [key, false])), [hidden]),
    },
    onSortingChange: (change) => {
      const [next] = typeof change === 'function' ? change(sorting) : change;
      if (next !== undefined) onSort?.({ key: next.id, order: next.desc ? 'descending' : 'ascending' });
    },
  });
  const isVirtual = useIsVirtual(list.rows.length, list.question);
  if (list.rows.length === 0 && empty !== undefined) return <StillArea list={list}>{empty}</StillArea>;
  const present = presentRows(list, rowKey);
  const shown = table.getVisibleLeafColumns().map((column) => {
    const look = byKey.get(column.id) as Column<T>;
    return { column, ...look, lack: look.needs && lackOf(capabilities, look.needs) };
  });
  const body = table.getRowModel().rows;
  const render = (index: number, measure?: RefCallback<HTMLTableRowElement>) => {
    const { id, original } = body[index] as (typeof body)[number];
    const open = onOpen && (() => onOpen(original));
    const hasGone = list.gone.has(id);
    return (
      <Row
        key={id}
        ref={measure}
        index={index}
        hasGone={hasGone}
        isOff={!rowsOutlast && hasGone}
        isSelected={isSelected?.(original) ?? false}
        onOpen={open}
      >
        {shown.map(({ key, align, wide, lack, cell }, i) => (
          <td
            key={key}
            className={cn('truncate px-2 py-1 first:pl-3 last:pr-3', align === 'right' && 'text-right', wide && WIDE)}
          >
            {hasGone && i === 0 && <span className="sr-only">gone: </span>}
            {lack === undefined ? (
              cell(original, { nowMs, open })
            ) : (
              <span className="text-faint" title={lack}>
                –
              </span>
            )}
          </td>
        ))}
      </Row>
    );
  };
  const whole = <tbody>{body.map((_, index) => render(index))}</tbody>;
  return (
    <StillArea list={list}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section className="@container relative overflow-x-auto" aria-label={label} tabIndex={0}>
        <table
          aria-rowcount={list.rows.length + 1}
          className="w-full min-w-(--min) table-fixed border-collapse text-sm @max-lg:min-w-(--narrow-min)"
          style={
            { '--min': `${minWidthOf(shown)}rem`, '--narrow-min': `${narrowMinWidthOf(shown)}rem` } as CSSProperties
          }
        >
          <colgroup>
            {shown.map(({ key, width, wide }) => (
              <col
                key={key}
                className={wide && WIDE}
                style={width === undefined ? undefined : { width: `${width}rem` }}
              />
            ))}
          </colgroup>
          <thead>
            <tr className="border-line border-b" aria-rowindex={1}>
              {shown.map(({ column, key, header, hint, align, wide, needs, lack }) => (
                <HeaderCell
                  key={key}
                  className={wide && WIDE}
                  hint={lack ?? (needs && limitOf(capabilities, needs)) ?? hint}
                  isRight={align === 'right'}
                  sorted={sort?.key === key ? sort.order : undefined}
                  onSort={lack === undefined && column.getCanSort() ? () => column.toggleSorting() : undefined}
                >
                  {typeof header === 'function' ? header(present) : header}
                </HeaderCell>
              ))}
            </tr>
          </thead>
          {isVirtual ? (
            <Suspense fallback={whole}>
              <VirtualBody keys={body.map(({ id }) => id)} render={render} />
            </Suspense>
          ) : (
            whole
          )}
        </table>
      </section>
    </StillArea>
  );
}

/** The columns as the table's library has them: the same ones as long as they say the same, whoever makes them anew. */
function useDefinitions<T>(columns: readonly Column<T>[], canSort: boolean) {
  const text = JSON.stringify(columns.map(({ key, sort }) => [key, sort ?? null]));
  return useMemo(
    () =>
      (JSON.parse(text) as [string, SortOrder | null][]).map(([id, first]) => ({
        id,
        accessorFn: () => null,
        enableSorting: first !== null && canSort,
        sortDescFirst: first === 'descending',
      })),
    [text, canSort],
  );
}

/**
 * Whether only the rows in view are in the page. Changing from one to the other makes all rows anew, and takes the focus
 * from them: a list that grows or shrinks by a few rows stays as it is, until something else is asked.
 */
function useIsVirtual(count: number, question: string | null): boolean {
  const chosen = useRef<{ question: string | null; isVirtual: boolean }>(undefined);
  const isSettled = chosen.current?.question === question && (chosen.current.isVirtual || count < 2 * VIRTUAL_FROM);
  if (!isSettled) chosen.current = { question, isVirtual: count >= VIRTUAL_FROM };
  return chosen.current?.isVirtual ?? false;
}
