import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatAge, formatCount, formatRate } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import type { QueueRow } from '../../lib/client/queues.ts';
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
  rowsOutlast,
  empty,
  onChoose,
}: {
  rows: readonly QueueRow[];
  chosen: QueueRow | undefined;
  nowMs: number;
  showVhost: boolean;
  /** What the rows answer, for DataTable. */
  question: string | null;
  rowsOutlast: boolean;
  empty: ReactNode;
  onChoose: (row: QueueRow) => void;
}) {
  const number = { align: 'right', width: '6rem' } as const;
  const columns: Column<QueueRow>[] = [
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
            cell: (row: QueueRow) => <span className="text-muted">{row.vhost}</span>,
          },
        ]
      : []),
    {
      key: 'sources',
      header: 'Dead letters of',
      hint: 'Queues whose dead letters come here as things are bound now',
      cell: (row) =>
        row.deadLetterSources.count === 0 ? (
          <span className="text-faint">no queue now</span>
        ) : (
          <Sources vhost={row.vhost} some={row.deadLetterSources} />
        ),
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
      cell: (row) => <Sparkline values={row.spark} color="var(--chart-5)" />,
    },
  ];
  return (
    <DataTable
      label="Queues with dead letters"
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.vhost}\0${row.name}`}
      question={question}
      rowsOutlast={rowsOutlast}
      empty={empty}
      onOpen={onChoose}
      isSelected={(row) => row === chosen}
      minWidth="54rem"
    />
  );
}

/** As many sources as fit into a cell. */
const SOURCES_SHOWN = 3;

function Sources({ vhost, some: { count, names } }: { vhost: string; some: QueueRow['deadLetterSources'] }) {
  const shown = names.slice(0, SOURCES_SHOWN);
  return (
    <>
      {shown.map((name, i) => (
        <span key={name}>
          {i > 0 && ', '}
          <Link href={paths.queue(vhost, name)} className="hover:text-accent hover:underline">
            {name}
          </Link>
        </span>
      ))}
      {count > shown.length && <span className="text-muted"> and {formatCount(count - shown.length)} more</span>}
    </>
  );
}
