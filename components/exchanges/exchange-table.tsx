import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ExchangeRow } from '../../lib/client/exchanges.ts';
import { exchangeLabel, formatCount, formatRate } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import { cn } from '../ui/cn.ts';
import { type Column, DataTable, type Sort } from '../ui/data-table.tsx';
import { ExchangeBadges } from './exchange-badges.tsx';

export function ExchangeTable({
  rows,
  showVhost,
  question,
  rowsOutlast,
  empty,
  sort,
  onSort,
}: {
  rows: readonly ExchangeRow[];
  showVhost: boolean;
  /** What the rows answer, for DataTable. */
  question: string | null;
  rowsOutlast: boolean;
  empty: ReactNode;
  sort: Sort;
  onSort: (key: string) => void;
}) {
  const number = { align: 'right', width: '7rem', sortable: true } as const;
  const columns: Column<ExchangeRow>[] = [
    {
      key: 'name',
      header: 'Name',
      sortable: true,
      cell: (row) => (
        <Link
          href={paths.exchange(row.vhost, row.name)}
          title={exchangeLabel(row.name)}
          className={cn('font-medium hover:text-accent hover:underline', row.name === '' && 'text-muted')}
        >
          {exchangeLabel(row.name)}
        </Link>
      ),
    },
    ...(showVhost
      ? [
          {
            key: 'vhost',
            header: 'Vhost',
            width: '8rem',
            cell: (row: ExchangeRow) => <span className="text-muted">{row.vhost}</span>,
          },
        ]
      : []),
    { key: 'type', header: 'Type', width: '7rem', sortable: true, cell: (row) => row.type },
    { key: 'features', header: 'Features', width: '9rem', cell: (row) => <ExchangeBadges exchange={row} /> },
    {
      key: 'bindings',
      header: 'Bindings',
      hint: 'From this exchange; the default exchange reaches every queue without any',
      ...number,
      cell: (row) => <Quiet zero={row.bindingCount === 0}>{formatCount(row.bindingCount)}</Quiet>,
    },
    {
      key: 'published',
      header: 'In/s',
      ...number,
      cell: (row) => <Quiet zero={!row.rates?.published}>{formatRate(row.rates?.published)}</Quiet>,
    },
    {
      key: 'routed',
      header: 'To queues/s',
      hint: 'Copies that went to queues',
      ...number,
      cell: (row) => <Quiet zero={!row.rates?.routed}>{formatRate(row.rates?.routed)}</Quiet>,
    },
    {
      key: 'unroutable',
      header: 'Unroutable',
      hint: 'Messages that no queue took, since the broker started',
      ...number,
      cell: (row) => (
        <span className={row.counters.unroutable > 0 ? 'font-medium text-warn' : 'text-faint'}>
          {formatCount(row.counters.unroutable)}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label="Exchanges"
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.vhost}\0${row.name}`}
      question={question}
      rowsOutlast={rowsOutlast}
      empty={empty}
      sort={sort}
      onSort={onSort}
      minWidth="56rem"
    />
  );
}

function Quiet({ zero, children }: { zero: boolean; children: string }) {
  return <span className={cn(zero && 'text-faint')}>{children}</span>;
}
