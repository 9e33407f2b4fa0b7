'use client';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RowData } from '@tanstack/react-table';
import { FileQuestion, type LucideIcon, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatCount, plural } from '../../lib/client/formats.ts';
import { useShowVhost } from '../../lib/client/several-vhosts.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Pager } from '../ui/pager.tsx';
import { Panel } from '../ui/panel.tsx';
import { SearchInput } from '../ui/search-input.tsx';
import { ColumnMenu } from './column-menu.tsx';
import type { Column } from './columns.ts';
import type { List } from './list-state.ts';
import { Loaded } from './loaded.tsx';
import { Table } from './table.tsx';

/** Rows as a page asks for them; without counts where nobody counts them. */
export interface Rows<T> {
  rows: readonly T[];
  /** How many match the filter, and how many there are. */
  matching?: number;
  total?: number;
}

/** What to say of a list without rows, and what to do about it. */
export interface Emptiness {
  icon: LucideIcon;
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
}

/** A page that is one list: heading, filter, table, pages of it. */
export function ListPage<T extends RowData>({
  title,
  noun,
  nouns = `${noun}s`,
  note,
  actions,
  filters,
  children,
  ...table
}: ListTableProps<T> & {
  title: string;
  /** Null: none is needed. Absent: how many there are. */
  note?: ReactNode;
  actions?: ReactNode;
  /** Beside the filter by name. */
  filters?: ReactNode;
  /** Below the list, such as the drawer of what is opened. */
  children?: ReactNode;
}) {
  const { list, query, columns } = table;
  return (
    <>
      <PageHeader title={title} note={note ?? countText(query.data, noun, nouns)} actions={actions} />
      <div className="mb-3 flex items-start gap-2">
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">{filters}</div>
        <ColumnMenu columns={columns} hidden={list.state.hide} onHidden={(hide) => list.change({ hide })} />
      </div>
      <ListTable noun={noun} nouns={nouns} {...table} />
      {children}
    </>
  );
}

/** The filter of a list by the names of its rows. */
export function NameFilter({ list }: { list: List }) {
  return <SearchInput label="Filter by name" value={list.state.text} onChange={(text) => list.ask({ text })} />;
}

interface ListTableProps<T> {
  list: List;
  query: Pick<UseQueryResult<Rows<T>>, 'data' | 'error' | 'dataUpdatedAt' | 'isPlaceholderData'>;
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
  /** What one row is, and several. */
  noun: string;
  nouns?: string;
  /** Of the table; absent: the nouns. */
  label?: string;
  pageSize?: number;
  /** What leaves the list is still there; absent: where it is longer than a page. */
  rowsOutlast?: boolean;
  /** Absent: by what the list's own state says. */
  isFiltered?: boolean;
  empty: Emptiness;
  isSelected?: (row: T) => boolean;
  onOpen?: (row: T) => void;
  /** In place of numbered pages. */
  foot?: ReactNode;
}

/** The list itself, in a box. */
export function ListTable<T extends RowData>({
  list,
  query,
  columns,
  noun,
  nouns = `${noun}s`,
  label = capitalized(nouns),
  pageSize = Number.POSITIVE_INFINITY,
  rowsOutlast,
  isFiltered = list.isFiltered,
  empty,
  foot,
  ...rows
}: ListTableProps<T>) {
  const showVhost = useShowVhost(list.vhost);
  const { hide, sort, order, offset } = list.state;
  return (
    <Loaded query={query} noun={nouns} skeletonRows={8}>
      {(page) => (
        <Panel flush>
          <Table
            label={label}
            columns={showVhost ? columns : columns.filter(({ key }) => key !== 'vhost')}
            rows={page.rows}
            nowMs={query.dataUpdatedAt}
            question={query.isPlaceholderData ? null : list.question}
            rowsOutlast={rowsOutlast ?? (page.matching ?? 0) > pageSize}
            hidden={hide}
            sort={{ key: sort, order }}
            onSort={list.onSort}
            empty={
              !list.isFirstPage && page.matching !== 0 ? (
                <EmptyState
                  icon={FileQuestion}
                  title="Nothing on this page any more"
                  actions={<Button onClick={() => list.ask({})}>First page</Button>}
                >
                  {page.matching !== undefined && `${plural(page.matching, noun, nouns)} on the pages before it.`}
                </EmptyState>
              ) : isFiltered ? (
                <EmptyState
                  icon={SearchX}
                  title={`No ${noun} matches`}
                  actions={<Button onClick={list.clear}>Show all {nouns}</Button>}
                >
                  {page.total !== undefined && `${plural(page.total, noun, nouns)} without the filter.`}
                </EmptyState>
              ) : (
                <EmptyState icon={empty.icon} title={empty.title} actions={empty.actions}>
                  {empty.text}
                </EmptyState>
              )
            }
            {...rows}
          />
          {foot ??
            (page.matching !== undefined && (
              <Pager
                offset={offset}
                size={pageSize}
                shown={page.rows.length}
                total={page.matching}
                noun={nouns}
                onOffset={(next) => list.change({ offset: next, selected: [] })}
              />
            ))}
        </Panel>
      )}
    </Loaded>
  );
}

function countText<T>(page: Rows<T> | undefined, noun: string, nouns: string): string | undefined {
  if (page?.matching === undefined || page.total === undefined) return undefined;
  const all = plural(page.total, noun, nouns);
  return page.matching === page.total ? all : `${formatCount(page.matching)} of ${all}`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
