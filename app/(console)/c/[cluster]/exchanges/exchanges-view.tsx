'use client';
import { Plus, SearchX } from 'lucide-react';
import { ExchangeTable } from '@/components/exchanges/exchange-table.tsx';
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
import { EXCHANGES_A_PAGE, type ExchangeFilter, type ExchangeSort, exchangeListQuery } from '@/lib/client/exchanges.ts';
import { formatCount, plural } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { useShowVhost } from '@/lib/client/several-vhosts.ts';
import { oneOf, useUrlState } from '@/lib/client/url-state.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';

const SORTS: readonly ExchangeSort[] = ['name', 'type', 'bindings', 'published', 'routed', 'unroutable'];
const SHOWN = ['all', 'own'] as const;

export function ExchangesView() {
  const [search, change] = useUrlState();
  const [vhost] = useVhostFilter();
  const showVhost = useShowVhost(vhost);
  const filter: ExchangeFilter = {
    vhost,
    text: search.get('text') ?? '',
    show: oneOf(search.get('show'), SHOWN, 'all'),
    sort: oneOf(search.get('sort'), SORTS, 'name'),
    order: oneOf(search.get('order'), ['ascending', 'descending'], 'ascending'),
    offset: Math.max(0, Math.trunc(Number(search.get('offset') ?? 0)) || 0),
  };
  const { text, show, sort, order } = filter;
  const page = useLiveQuery(exchangeListQuery(filter));
  /** Another question begins at its first page. */
  const ask = (changes: Record<string, string | undefined>) => change({ offset: undefined, ...changes });

  const onSort = (key: string) => {
    const next = oneOf(key, SORTS, 'name');
    const first = next === 'name' || next === 'type' ? 'ascending' : 'descending';
    const flipped = first === 'ascending' ? 'descending' : 'ascending';
    const nextOrder = sort === next && order === first ? flipped : first;
    ask({ sort: next === 'name' ? undefined : next, order: nextOrder === 'ascending' ? undefined : nextOrder });
  };

  return (
    <>
      <PageHeader
        title="Exchanges"
        note={page.data && countText(page.data.matching, page.data.total)}
        actions={
          <ButtonLink kind="primary" href={paths.newExchange}>
            <Plus aria-hidden />
            New exchange
          </ButtonLink>
        }
      />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchInput label="Filter by name" value={text} onChange={(next) => ask({ text: next })} />
        <Segmented
          label="Which exchanges"
          value={show}
          options={[
            { value: 'all', label: 'All' },
            { value: 'own', label: 'Without built-in ones' },
          ]}
          onChange={(next) => ask({ show: next === 'all' ? undefined : next })}
        />
      </div>
      {page.isError && (
        <div className="mb-3">
          <ErrorNote title="The exchanges could not be read">{reasonOf(page.error)}</ErrorNote>
        </div>
      )}
      {(page.data !== undefined || !page.isError) && (
        <Panel flush>
          {page.data === undefined ? (
            <SkeletonRows rows={8} />
          ) : (
            <ExchangeTable
              rows={page.data.rows}
              showVhost={showVhost}
              question={page.isPlaceholderData ? null : JSON.stringify(filter)}
              rowsOutlast={page.data.matching > EXCHANGES_A_PAGE}
              sort={{ key: sort, order }}
              onSort={onSort}
              empty={
                text === '' ? (
                  <EmptyState
                    icon={Plus}
                    title="No exchanges of your own yet"
                    actions={
                      <ButtonLink kind="primary" href={paths.newExchange}>
                        New exchange
                      </ButtonLink>
                    }
                  >
                    Programs publish to an exchange; its bindings say which queues get a copy.
                  </EmptyState>
                ) : (
                  <EmptyState
                    icon={SearchX}
                    title="No exchange matches"
                    actions={
                      <Button onClick={() => ask({ text: undefined, show: undefined })}>Show all exchanges</Button>
                    }
                  />
                )
              }
            />
          )}
          {page.data !== undefined && (
            <Pager
              offset={filter.offset}
              size={EXCHANGES_A_PAGE}
              shown={page.data.rows.length}
              total={page.data.matching}
              noun="exchanges"
              onOffset={(offset) => change({ offset: offset === 0 ? undefined : String(offset) })}
            />
          )}
        </Panel>
      )}
    </>
  );
}

function countText(matching: number, total: number): string {
  return matching === total ? plural(total, 'exchange') : `${formatCount(matching)} of ${plural(total, 'exchange')}`;
}
