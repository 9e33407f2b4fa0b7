import Link from 'next/link';
import type { ReactNode } from 'react';
import type { DeadLetterQueueRow } from '../../lib/client/dead-letters.ts';
import { formatAge, formatCount, formatRate } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { cn } from '../ui/cn.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';

/** Queues that hold dead letters, or are where they go. */
export function DeadLetterQueueTable({
  rows,
  chosen,
  nowMs,
  showVhost,
  question,
  empty,
  onChoose,
}: {
  rows: readonly DeadLetterQueueRow[];
  chosen: DeadLetterQueueRow | undefined;
  nowMs: number;
  showVhost: boolean;
  /** As the table takes it. */
  question: string;
  empty: ReactNode;
  onChoose: (row: DeadLetterQueueRow) => void;
}) {
  const number = { align: 'right', width: '6rem' } as const;
  const columns: Column<DeadLetterQueueRow>[] = [
    {
      key: 'name',
      header: 'Queue',
      cell: (row) => (
        <button
          type="button"
          aria-pressed={row === chosen}
          onClick={() => onChoose(row)}
          className="max-w-full truncate rounded-sm font-medium hover:text-accent hover:underline"
        >
          {row.name}
        </button>
      ),
    },
    ...(showVhost
      ? [
          {
            key: 'vhost',
            header: 'Vhost',
            width: '7rem',
            cell: (row: DeadLetterQueueRow) => <span className="text-muted">{row.vhost}</span>,
          },
        ]
      : []),
    {
      key: 'sources',
      header: 'Dead letters of',
      hint: 'Queues whose dead letters come here as things are bound now',
      cell: (row) =>
        row.sources.length === 0 ? <span className="text-faint">no queue now</span> : <Sources row={row} />,
    },
    {
      key: 'ready',
      header: 'Ready',
      ...number,
      cell: (row) => (
        <span className={cn('font-medium', row.ready === 0 && 'font-normal text-faint')}>{formatCount(row.ready)}</span>
      ),
    },
    {
      key: 'in',
      header: 'Dying/s',
      hint: 'Dead letters coming in',
      ...number,
      cell: (row) => (
        <span className={cn(!row.rates?.deadLettersIn && 'text-faint')}>{formatRate(row.rates?.deadLettersIn)}</span>
      ),
    },
    { key: 'oldest', header: 'Oldest', ...number, cell: (row) => formatAge(row.oldestReadyAtMs, nowMs) },
    {
      key: 'consumers',
      header: 'Consumers',
      hint: 'Programs that take messages from here',
      ...number,
      cell: (row) => <span className={cn(row.consumers === 0 && 'text-faint')}>{formatCount(row.consumers)}</span>,
    },
    {
      key: 'trend',
      header: 'Ready, 2 min',
      align: 'right',
      width: '7rem',
      cell: (row) => <Sparkline values={row.trend} color="var(--chart-5)" />,
    },
  ];
  return (
    <DataTable
      label="Queues with dead letters"
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.vhost}\0${row.name}`}
      question={question}
      empty={empty}
      onOpen={onChoose}
      isSelected={(row) => row === chosen}
      minWidth="54rem"
    />
  );
}

function Sources({ row }: { row: DeadLetterQueueRow }) {
  return row.sources.map((name, i) => (
    <span key={name}>
      {i > 0 && ', '}
      <Link href={paths.queue(row.vhost, name)} className="hover:text-accent hover:underline">
        {name}
      </Link>
    </span>
  ));
}
