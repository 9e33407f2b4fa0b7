import { formatAge } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import type { QueueRow, QueueSort } from '../../lib/client/queues.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { Count, NameLink, Rate, VHOST_COLUMN } from '../kit/cells.tsx';
import type { Column } from '../kit/columns.ts';
import { cn } from '../ui/cn.ts';
import { FeatureBadges } from './feature-badges.tsx';
import { StateBadges } from './state-badges.tsx';

const number = (key: QueueSort) => ({ key, align: 'right', width: 4.75, sort: 'descending', optional: true }) as const;

export const QUEUE_COLUMNS: readonly Column<QueueRow, QueueSort>[] = [
  {
    key: 'name',
    header: 'Name',
    sort: 'ascending',
    cell: (row) => (
      <>
        <StateBadges queue={row} />
        <NameLink href={paths.queue(row.vhost, row.name)}>{row.name}</NameLink>
      </>
    ),
  },
  VHOST_COLUMN,
  {
    key: 'features',
    wide: true,
    header: 'Features',
    width: 10,
    optional: true,
    cell: (row) => <FeatureBadges queue={row} />,
  },
  { ...number('ready'), header: 'Ready', cell: (row) => <Count value={row.ready} /> },
  { ...number('unacked'), wide: true, header: 'Unacked', cell: (row) => <Count value={row.unacked} /> },
  {
    ...number('total'),
    wide: true,
    header: 'Total',
    cell: (row) => <Count value={row.stream === null ? row.ready + row.unacked : row.ready} />,
  },
  {
    ...number('published'),
    needs: 'rates',
    wide: true,
    header: 'In/s',
    cell: (row) => <Rate value={row.rates?.published} />,
  },
  {
    ...number('delivered'),
    needs: 'rates',
    wide: true,
    header: 'Out/s',
    hint: 'Delivered to consumers',
    cell: (row) => <Rate value={row.rates?.delivered} />,
  },
  { ...number('acked'), needs: 'rates', wide: true, header: 'Ack/s', cell: (row) => <Rate value={row.rates?.acked} /> },
  {
    ...number('oldest'),
    needs: 'oldestAge',
    wide: true,
    header: 'Oldest',
    hint: 'How long the oldest ready message has been here',
    cell: (row, { nowMs }) => (
      <span className={cn(row.oldestReadyAtMs === null && 'text-faint')}>{formatAge(row.oldestReadyAtMs, nowMs)}</span>
    ),
  },
  {
    ...number('consumers'),
    header: 'Consumers',
    width: 5.75,
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
    wide: true,
    header: '2 min',
    hint: 'Ready messages over the last two minutes',
    align: 'right',
    width: 6,
    optional: true,
    cell: (row) => <Sparkline values={row.spark} />,
  },
];
