'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatAge, formatCount, formatRate } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import type { QueueRow } from '../../lib/client/queues.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { Badge } from '../ui/badge.tsx';
import { cn } from '../ui/cn.ts';
import { type Column, DataTable, type Sort } from '../ui/data-table.tsx';
import { FeatureBadges } from './feature-badges.tsx';

function queueRowKey(row: { vhost: string; name: string }): string {
  return `${row.vhost}\0${row.name}`;
}

export function QueueTable({
  rows,
  nowMs,
  showVhost,
  question,
  rowsOutlast,
  empty,
  sort,
  onSort,
}: {
  rows: readonly QueueRow[];
  nowMs: number;
  showVhost: boolean;
  /** What the rows answer, for DataTable. */
  question: string | null;
  rowsOutlast: boolean;
  empty: ReactNode;
  sort: Sort;
  onSort: (key: string) => void;
}) {
  const number = { align: 'right', width: '4.75rem', sortable: true } as const;
  const columns: Column<QueueRow>[] = [
    {
      key: 'name',
      header: 'Name',
      sortable: true,
      cell: (row) => (
        <>
          {row.closedReason !== null && (
            <>
              <Badge tone="danger" hint={`Closed: ${row.closedReason}`}>
                closed
              </Badge>{' '}
            </>
          )}
          <Link
            href={paths.queue(row.vhost, row.name)}
            title={row.name}
            className="font-medium hover:text-accent hover:underline"
          >
            {row.name}
          </Link>
        </>
      ),
    },
    ...(showVhost
      ? [
          {
            key: 'vhost',
            header: 'Vhost',
            width: '7rem',
            cell: (row: QueueRow) => <span className="text-muted">{row.vhost}</span>,
          },
        ]
      : []),
    { key: 'features', header: 'Features', width: '10rem', cell: (row) => <FeatureBadges queue={row} /> },
    { key: 'ready', header: 'Ready', ...number, cell: (row) => <Count value={row.ready} /> },
    { key: 'unacked', header: 'Unacked', ...number, cell: (row) => <Count value={row.unacked} /> },
    {
      key: 'total',
      header: 'Total',
      ...number,
      cell: (row) => <Count value={row.stream === null ? row.ready + row.unacked : row.ready} />,
    },
    { key: 'published', header: 'In/s', ...number, cell: (row) => <Rate value={row.rates?.published} /> },
    {
      key: 'delivered',
      header: 'Out/s',
      hint: 'Delivered to consumers',
      ...number,
      cell: (row) => <Rate value={row.rates?.delivered} />,
    },
    { key: 'acked', header: 'Ack/s', ...number, cell: (row) => <Rate value={row.rates?.acked} /> },
    {
      key: 'oldest',
      header: 'Oldest',
      hint: 'How long the oldest ready message has been here',
      ...number,
      cell: (row) => (
        <span className={cn(row.oldestReadyAtMs === null && 'text-faint')}>
          {formatAge(row.oldestReadyAtMs, nowMs)}
        </span>
      ),
    },
    {
      key: 'consumers',
      header: 'Consumers',
      ...number,
      width: '5.75rem',
      cell: (row) =>
        row.consumers === 0 && row.ready > 0 && row.type !== 'stream' ? (
          <span className="font-medium text-warn" title="Messages are ready and nobody takes them">
            0
          </span>
        ) : (
          <Count value={row.consumers} />
        ),
    },
    {
      key: 'trend',
      header: '2 min',
      hint: 'Ready messages over the last two minutes',
      align: 'right',
      width: '6rem',
      cell: (row) => <Sparkline values={row.spark} />,
    },
  ];
  return (
    <DataTable
      label="Queues"
      columns={columns}
      rows={rows}
      rowKey={queueRowKey}
      question={question}
      rowsOutlast={rowsOutlast}
      empty={empty}
      sort={sort}
      onSort={onSort}
      minWidth={showVhost ? '73rem' : '66rem'}
    />
  );
}

/** Zeros step back, so that the eye finds what is not zero. */
function Count({ value }: { value: number }) {
  return <span className={cn(value === 0 && 'text-faint')}>{formatCount(value)}</span>;
}

function Rate({ value }: { value: number | undefined }) {
  return <span className={cn((value ?? 0) === 0 && 'text-faint')}>{formatRate(value)}</span>;
}
