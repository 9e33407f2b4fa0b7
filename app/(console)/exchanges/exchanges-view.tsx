'use client';
import { Plus, SearchX } from 'lucide-react';
import { ExchangeTable } from '@/components/exchanges/exchange-table.tsx';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SearchInput } from '@/components/ui/search-input.tsx';
import { Segmented } from '@/components/ui/segmented.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { type ExchangeRow, exchangeListQuery } from '@/lib/client/exchanges.ts';
import { exchangeLabel, plural } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { useShowVhost } from '@/lib/client/several-vhosts.ts';
import { oneOf, useUrlState } from '@/lib/client/url-state.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';

const SORTS = ['name', 'type', 'bindings', 'published', 'routed', 'unroutable'] as const;
const SHOWN = ['all', 'own'] as const;

export function ExchangesView() {
  const [search, change] = useUrlState();
  const [vhost] = useVhostFilter();
  const showVhost = useShowVhost(vhost);
  const text = search.get('text') ?? '';
  const shown = oneOf(search.get('show'), SHOWN, 'all');
  const sort = oneOf(search.get('sort'), SORTS, 'name');
  const order = oneOf(search.get('order'), ['ascending', 'descending'], 'ascending');
  const list = useLiveQuery(exchangeListQuery(vhost));
  const matched = (list.data?.rows ?? [])
    .filter((row) => exchangeLabel(row.name).toLowerCase().includes(text.toLowerCase()))
    .filter((row) => shown === 'all' || !row.predeclared)
    .toSorted((a, b) => compare(a, b, sort, order === 'descending'));

  const onSort = (key: string) => {
    const next = oneOf(key, SORTS, 'name');
    const first = next === 'name' || next === 'type' ? 'ascending' : 'descending';
    const flipped = first === 'ascending' ? 'descending' : 'ascending';
    const nextOrder = sort === next && order === first ? flipped : first;
    change({ sort: next === 'name' ? undefined : next, order: nextOrder === 'ascending' ? undefined : nextOrder });
  };

  return (
    <>
      <PageHeader
        title="Exchanges"
        note={list.data && plural(list.data.rows.length, 'exchange')}
        actions={
          <ButtonLink kind="primary" href={paths.newExchange}>
            <Plus aria-hidden />
            New exchange
          </ButtonLink>
        }
      />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchInput label="Filter by name" value={text} onChange={(next) => change({ text: next })} />
        <Segmented
          label="Which exchanges"
          value={shown}
          options={[
            { value: 'all', label: 'All' },
            { value: 'own', label: 'Without built-in ones' },
          ]}
          onChange={(next) => change({ show: next === 'all' ? undefined : next })}
        />
      </div>
      {list.isError && (
        <div className="mb-3">
          <ErrorNote title="The exchanges could not be read">{reasonOf(list.error)}</ErrorNote>
        </div>
      )}
      {(list.data !== undefined || !list.isError) && (
        <Panel flush>
          {list.data === undefined ? (
            <SkeletonRows rows={8} />
          ) : (
            <ExchangeTable
              rows={matched}
              showVhost={showVhost}
              question={JSON.stringify([vhost, text, shown, sort, order])}
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
                      <Button onClick={() => change({ text: undefined, show: undefined })}>Show all exchanges</Button>
                    }
                  />
                )
              }
            />
          )}
        </Panel>
      )}
    </>
  );
}

function compare(a: ExchangeRow, b: ExchangeRow, sort: (typeof SORTS)[number], descending: boolean): number {
  const direction = descending ? -1 : 1;
  const names = byText(a.name, b.name) || byText(a.vhost, b.vhost);
  switch (sort) {
    case 'name':
      return direction * names;
    case 'type':
      return direction * byText(a.type, b.type) || names;
    case 'bindings':
      return direction * (a.bindingCount - b.bindingCount) || names;
    case 'unroutable':
      return direction * (a.counters.unroutable - b.counters.unroutable) || names;
    default:
      return direction * ((a.rates?.[sort] ?? 0) - (b.rates?.[sort] ?? 0)) || names;
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
