'use client';
import { Plus } from 'lucide-react';
import { EXCHANGE_COLUMNS } from '@/components/exchanges/exchange-columns.tsx';
import { ListPage, NameFilter } from '@/components/kit/list-page.tsx';
import { listSchema, useList } from '@/components/kit/list-state.ts';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Segmented } from '@/components/ui/segmented.tsx';
import { EXCHANGES_A_PAGE, exchangeListQuery } from '@/lib/client/exchanges.ts';
import { paths } from '@/lib/client/paths.ts';
import { placeKey } from '@/lib/client/place-key.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { urlOption } from '@/lib/client/url-state.ts';

const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'own', label: 'Without built-in ones' },
] as const;
const SCHEMA = listSchema(EXCHANGE_COLUMNS, { show: urlOption(SHOWN) });

export function ExchangesView() {
  const list = useList(SCHEMA);
  const { text, show, sort, order, offset } = list.state;
  const query = useLiveQuery(exchangeListQuery({ vhost: list.vhost, text, show, sort, order, offset }));
  const newExchange = (
    <ButtonLink kind="primary" href={paths.newExchange}>
      <Plus aria-hidden />
      New exchange
    </ButtonLink>
  );
  return (
    <ListPage
      title="Exchanges"
      noun="exchange"
      list={list}
      query={query}
      columns={EXCHANGE_COLUMNS}
      rowKey={placeKey}
      pageSize={EXCHANGES_A_PAGE}
      actions={newExchange}
      filters={
        <>
          <NameFilter list={list} />
          <Segmented
            label="Which exchanges"
            value={show}
            options={SHOWN}
            onChange={(next) => list.ask({ show: next })}
          />
        </>
      }
      // Those that the broker has from the start are always there.
      isFiltered={text !== ''}
      empty={{
        icon: Plus,
        title: 'No exchanges of your own yet',
        text: 'Programs publish to an exchange; its bindings say which queues get a copy.',
        actions: newExchange,
      }}
    />
  );
}
