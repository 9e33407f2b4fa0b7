import { formatAge, formatCount, formatRate } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import { placeKey } from '../../lib/client/place-key.ts';
import type { QueueRow } from '../../lib/client/queues.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { NameLink } from '../kit/cells.tsx';
import type { Column } from '../kit/columns.ts';
import { Table } from '../kit/table.tsx';

const COLUMNS: readonly Column<QueueRow, never>[] = [
  {
    key: 'name',
    header: 'Queue',
    minWidth: 8,
    cell: (row) => <NameLink href={paths.queue(row.vhost, row.name)}>{row.name}</NameLink>,
  },
  { key: 'ready', header: 'Ready', align: 'right', width: 4.5, cell: (row) => formatCount(row.ready) },
  {
    key: 'unacked',
    wide: true,
    header: 'Unacked',
    align: 'right',
    width: 4.5,
    cell: (row) => formatCount(row.unacked),
  },
  {
    key: 'in',
    needs: 'rates',
    wide: true,
    header: 'In/s',
    align: 'right',
    width: 4,
    cell: (row) => formatRate(row.rates?.published),
  },
  {
    key: 'out',
    needs: 'rates',
    wide: true,
    header: 'Out/s',
    align: 'right',
    width: 4,
    cell: (row) => formatRate(row.rates?.delivered),
  },
  {
    key: 'oldest',
    needs: 'oldestAge',
    header: 'Oldest',
    align: 'right',
    width: 5,
    cell: (row, { nowMs }) => formatAge(row.oldestReadyAtMs, nowMs),
  },
  {
    key: 'trend',
    wide: true,
    header: '2 min',
    align: 'right',
    width: 6,
    cell: (row) => <Sparkline values={row.spark} />,
  },
];

/** Where the backlog lies. */
export function LargestQueues({
  rows,
  nowMs,
  question,
}: {
  rows: readonly QueueRow[];
  nowMs: number;
  /** What the rows answer. */
  question: string;
}) {
  return (
    <Table
      label="Largest queues"
      columns={COLUMNS}
      rows={rows}
      rowKey={placeKey}
      nowMs={nowMs}
      question={question}
      rowsOutlast
      empty={<p className="p-3 text-muted">All queues are empty.</p>}
    />
  );
}
