import Link from 'next/link';
import { formatAge, formatCount, formatRate } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import type { QueueRow } from '../../lib/client/queues.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';

/** Where the backlog lies. */
export function LargestQueues({
  rows,
  nowMs,
  question,
}: {
  rows: readonly QueueRow[];
  nowMs: number;
  /** What the rows answer, for DataTable. */
  question: string;
}) {
  const columns: Column<QueueRow>[] = [
    {
      key: 'name',
      header: 'Queue',
      cell: (row) => (
        <Link
          href={paths.queue(row.vhost, row.name)}
          title={row.name}
          className="font-medium hover:text-accent hover:underline"
        >
          {row.name}
        </Link>
      ),
    },
    { key: 'ready', header: 'Ready', align: 'right', width: '4.5rem', cell: (row) => formatCount(row.ready) },
    { key: 'unacked', header: 'Unacked', align: 'right', width: '4.5rem', cell: (row) => formatCount(row.unacked) },
    { key: 'in', header: 'In/s', align: 'right', width: '4rem', cell: (row) => formatRate(row.rates?.published) },
    { key: 'out', header: 'Out/s', align: 'right', width: '4rem', cell: (row) => formatRate(row.rates?.delivered) },
    {
      key: 'oldest',
      header: 'Oldest',
      align: 'right',
      width: '5rem',
      cell: (row) => formatAge(row.oldestReadyAtMs, nowMs),
    },
    { key: 'trend', header: '2 min', align: 'right', width: '6rem', cell: (row) => <Sparkline values={row.spark} /> },
  ];
  return (
    <DataTable
      label="Largest queues"
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.vhost}\0${row.name}`}
      question={question}
      rowsOutlast
      empty={<p className="p-3 text-muted">All queues are empty.</p>}
      minWidth="34rem"
    />
  );
}
