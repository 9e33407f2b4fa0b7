'use client';
import { Plus, Rows3, SearchX } from 'lucide-react';
import { QueueTable } from '@/components/queues/queue-table.tsx';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Pager } from '@/components/ui/pager.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SearchInput } from '@/components/ui/search-input.tsx';
import { Segmented } from '@/components/ui/segmented.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { formatCount, plural } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';
import {
  QUEUES_A_PAGE,
  type QueueFilter,
  type QueueSort,
  type QueueState,
  queueListQuery,
} from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { useShowVhost } from '@/lib/client/several-vhosts.ts';
import { oneOf, useUrlState } from '@/lib/client/url-state.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';

const SORTS: readonly QueueSort[] = [
  'name',
  'ready',
  'unacked',
  'total',
  'published',
  'delivered',
  'acked',
  'oldest',
  'consumers',
];
const DEFAULTS = { text: '', state: 'all', sort: 'name', order: 'ascending', offset: 0 } as const;
const STATES: readonly { value: QueueState; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'messages', label: 'With messages' },
  { value: 'unconsumed', label: 'No consumers' },
];

export function QueuesView() {
  const [filter, changeFilter] = useQueueFilter();
  const page = useLiveQuery(queueListQuery(filter));
  const showVhost = useShowVhost(filter.vhost);
  // Of one page out of several, and of a choice by what a queue does now, a queue that leaves is still there.
  const isWhole = page.data !== undefined && page.data.matching <= QUEUES_A_PAGE && filter.state === 'all';
  const filtered = filter.text !== '' || filter.state !== 'all';

  const onSort = (key: string) => {
    const sort = oneOf(key, SORTS, 'name');
    // Numbers are wanted largest first, names from A.
    const first = sort === 'name' ? 'ascending' : 'descending';
    const other = first === 'ascending' ? 'descending' : 'ascending';
    changeFilter({ sort, order: filter.sort === sort && filter.order === first ? other : first });
  };

  return (
    <>
      <PageHeader
        title="Queues"
        note={page.data && countText(page.data.matching, page.data.total)}
        actions={
          <ButtonLink kind="primary" href={paths.newQueue}>
            <Plus aria-hidden />
            New queue
          </ButtonLink>
        }
      />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchInput label="Filter by name" value={filter.text} onChange={(text) => changeFilter({ text })} />
        <Segmented label="State" value={filter.state} options={STATES} onChange={(state) => changeFilter({ state })} />
      </div>
      {page.isError && (
        <div className="mb-3">
          <ErrorNote title="The queues could not be read">{reasonOf(page.error)}</ErrorNote>
        </div>
      )}
      {(page.data !== undefined || !page.isError) && (
        <Panel flush>
          {page.data === undefined ? (
            <SkeletonRows rows={8} />
          ) : (
            <QueueTable
              rows={page.data.rows}
              nowMs={page.dataUpdatedAt}
              showVhost={showVhost}
              question={page.isPlaceholderData ? null : JSON.stringify(filter)}
              rowsOutlast={!isWhole}
              sort={{ key: filter.sort, order: filter.order }}
              onSort={onSort}
              empty={
                filtered ? (
                  <EmptyState
                    icon={SearchX}
                    title="No queue matches"
                    actions={<Button onClick={() => changeFilter({ text: '', state: 'all' })}>Show all queues</Button>}
                  >
                    {plural(page.data.total, 'queue')} without the filter.
                  </EmptyState>
                ) : (
                  <EmptyState
                    icon={Rows3}
                    title="No queues yet"
                    actions={
                      <ButtonLink kind="primary" href={paths.newQueue}>
                        New queue
                      </ButtonLink>
                    }
                  >
                    A queue holds messages until a consumer takes them. Declare one here, or connect a program that
                    does.
                  </EmptyState>
                )
              }
            />
          )}
          {page.data !== undefined && (
            <Pager
              offset={filter.offset}
              size={QUEUES_A_PAGE}
              shown={page.data.rows.length}
              total={page.data.matching}
              noun="queues"
              onOffset={(offset) => changeFilter({ offset })}
            />
          )}
        </Panel>
      )}
    </>
  );
}

function countText(matching: number, total: number): string {
  return matching === total ? plural(total, 'queue') : `${formatCount(matching)} of ${plural(total, 'queue')}`;
}

/** The filter as the URL has it. A change of what is asked goes back to the first page. */
function useQueueFilter(): [QueueFilter, (change: Partial<QueueFilter>) => void] {
  const [search, change] = useUrlState();
  const [vhost] = useVhostFilter();
  const filter: QueueFilter = {
    vhost,
    text: search.get('text') ?? '',
    state: oneOf(
      search.get('state'),
      STATES.map(({ value }) => value),
      'all',
    ),
    sort: oneOf(search.get('sort'), SORTS, 'name'),
    order: oneOf(search.get('order'), ['ascending', 'descending'], 'ascending'),
    offset: Math.max(0, Math.trunc(Number(search.get('offset') ?? 0)) || 0),
  };
  // Only what changes is written: another change of this turn may not have come back from the URL yet.
  const changeFilter = (changes: Partial<QueueFilter>) => {
    const written = Object.entries({ offset: 0, ...changes }).map(([name, value]) => {
      const isDefault = value === DEFAULTS[name as keyof typeof DEFAULTS];
      return [name, isDefault ? undefined : String(value)];
    });
    change(Object.fromEntries(written));
  };
  return [filter, changeFilter];
}
