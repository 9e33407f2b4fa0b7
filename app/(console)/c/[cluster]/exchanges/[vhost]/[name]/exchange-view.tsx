'use client';
import { Send, Split } from 'lucide-react';
import { LINES } from '@/components/charts/flow-lines.ts';
import { ExchangeBadges } from '@/components/exchanges/exchange-badges.tsx';
import { ExchangeFacts } from '@/components/exchanges/exchange-facts.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { ApiError, reasonOf } from '@/lib/client/api.ts';
import { exchangeQuery } from '@/lib/client/exchanges.ts';
import { exchangeLabel } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { type HistoryChart, HistoryCharts } from '../../../history-charts.tsx';
import { DeleteExchange } from './delete-exchange.tsx';
import { ExchangeBindings } from './exchange-bindings.tsx';
import { RouteTester } from './route-tester.tsx';

const CHARTS: readonly HistoryChart[] = [
  {
    title: 'Rates',
    unit: 'messages per second',
    kind: 'lines',
    lines: [LINES.published, LINES.routed, LINES.unroutable],
  },
];

export function ExchangeView({ vhost, name }: { vhost: string; name: string }) {
  const query = useLiveQuery(exchangeQuery(vhost, name));
  const exchange = query.data;
  const gone = query.error instanceof ApiError && query.error.code === 'NOT_FOUND';
  return (
    <>
      <PageHeader
        title={exchangeLabel(name)}
        parent={{ label: 'Exchanges', href: paths.exchanges }}
        badges={exchange && !gone && <ExchangeBadges exchange={exchange} />}
        actions={
          exchange &&
          !gone && (
            <>
              {!exchange.internal && (
                <ButtonLink href={paths.publishTo({ vhost, exchange: name })}>
                  <Send aria-hidden />
                  Publish to it
                </ButtonLink>
              )}
              {!exchange.predeclared && <DeleteExchange exchange={exchange} />}
            </>
          )
        }
      />
      {query.isError && !gone && (
        <div className="mb-4">
          <ErrorNote title="The exchange could not be read">{reasonOf(query.error)}</ErrorNote>
        </div>
      )}
      {gone ? (
        <Panel>
          <EmptyState
            icon={Split}
            title="There is no such exchange"
            actions={<ButtonLink href={paths.exchanges}>All exchanges</ButtonLink>}
          >
            {reasonOf(query.error)}
          </EmptyState>
        </Panel>
      ) : exchange === undefined ? (
        !query.isError && <SkeletonRows rows={6} />
      ) : (
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-4">
            <ExchangeBindings exchange={exchange} />
            <HistoryCharts
              of={{ scope: 'exchange', vhost, name }}
              charts={CHARTS}
              now={{ atMs: exchange.atMs, values: { ...exchange.rates } }}
            />
          </div>
          <div className="grid min-w-0 gap-4">
            <RouteTester exchange={exchange} />
            <ExchangeFacts exchange={exchange} />
          </div>
        </div>
      )}
    </>
  );
}
