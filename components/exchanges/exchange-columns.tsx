import type { ExchangeRow, ExchangeSort } from '../../lib/client/exchanges.ts';
import { exchangeLabel, formatCount } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import { Count, NameLink, Rate, VHOST_COLUMN } from '../kit/cells.tsx';
import type { Column } from '../kit/columns.ts';
import { ExchangeBadges } from './exchange-badges.tsx';

const number = (key: ExchangeSort) => ({ key, align: 'right', width: 7, sort: 'descending', optional: true }) as const;

export const EXCHANGE_COLUMNS: readonly Column<ExchangeRow, ExchangeSort>[] = [
  {
    key: 'name',
    header: 'Name',
    sort: 'ascending',
    minWidth: 12,
    cell: (row) => (
      <NameLink href={paths.exchange(row.vhost, row.name)} isQuiet={row.name === ''}>
        {exchangeLabel(row.name)}
      </NameLink>
    ),
  },
  VHOST_COLUMN,
  { key: 'type', wide: true, header: 'Type', width: 7, sort: 'ascending', optional: true, cell: (row) => row.type },
  {
    key: 'features',
    wide: true,
    header: 'Features',
    width: 9,
    optional: true,
    cell: (row) => <ExchangeBadges exchange={row} />,
  },
  {
    ...number('bindings'),
    wide: true,
    header: 'Bindings',
    hint: 'From this exchange; the default exchange reaches every queue without any',
    cell: (row) => <Count value={row.bindingCount} />,
  },
  { ...number('published'), needs: 'rates', header: 'In/s', cell: (row) => <Rate value={row.rates?.published} /> },
  {
    ...number('routed'),
    needs: 'rates',
    wide: true,
    header: 'To queues/s',
    hint: 'Copies that went to queues',
    cell: (row) => <Rate value={row.rates?.routed} />,
  },
  {
    ...number('unroutable'),
    wide: true,
    header: 'Unroutable',
    hint: 'Messages that no queue took, since the broker started',
    cell: (row) => (
      <span className={row.counters.unroutable > 0 ? 'font-medium text-warn' : 'text-faint'}>
        {formatCount(row.counters.unroutable)}
      </span>
    ),
  },
];
