'use client';
import { Send } from 'lucide-react';
import { EXCHANGE_CHARTS } from '@/components/charts/figure-charts.ts';
import { ExchangeBadges } from '@/components/exchanges/exchange-badges.tsx';
import { ExchangeFacts } from '@/components/exchanges/exchange-facts.tsx';
import { DetailPage } from '@/components/kit/detail-page.tsx';
import { Offered } from '@/components/kit/offered.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { exchangeQuery } from '@/lib/client/exchanges.ts';
import { exchangeLabel } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { HistoryCharts } from '../../../history-charts.tsx';
import { DeleteExchange } from './delete-exchange.tsx';
import { ExchangeBindings } from './exchange-bindings.tsx';
import { RouteTester } from './route-tester.tsx';

export function ExchangeView({ vhost, name }: { vhost: string; name: string }) {
  return (
    <DetailPage
      title={exchangeLabel(name)}
      parent={{ label: 'Exchanges', href: paths.exchanges }}
      noun="exchange"
      query={useLiveQuery(exchangeQuery(vhost, name))}
      badges={(exchange) => <ExchangeBadges exchange={exchange} />}
      actions={(exchange) => (
        <>
          {!exchange.internal && (
            <ButtonLink href={paths.publishTo({ vhost, exchange: name })}>
              <Send aria-hidden />
              Publish to it
            </ButtonLink>
          )}
          {!exchange.predeclared && <DeleteExchange exchange={exchange} />}
        </>
      )}
    >
      {(exchange) => (
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-4">
            <ExchangeBindings exchange={exchange} />
            <HistoryCharts
              of={{ scope: 'exchange', vhost, name }}
              charts={EXCHANGE_CHARTS}
              now={{ atMs: exchange.atMs, values: { ...exchange.rates } }}
            />
          </div>
          <div className="grid min-w-0 gap-4">
            <Offered by="route" title="Where would it go?">
              <RouteTester exchange={exchange} />
            </Offered>
            <ExchangeFacts exchange={exchange} />
          </div>
        </div>
      )}
    </DetailPage>
  );
}
