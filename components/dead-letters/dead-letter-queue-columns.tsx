import Link from 'next/link';
import { formatAge, formatCount } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import { placeKey } from '../../lib/client/place-key.ts';
import type { QueueRow } from '../../lib/client/queues.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { Count, Rate, VHOST_COLUMN } from '../kit/cells.tsx';
import type { Column } from '../kit/columns.ts';
import { cn } from '../ui/cn.ts';

const number = { align: 'right', width: 6 } as const;

/** Of queues that hold dead letters, or are where they go. `chosen` is the key of one. */
export function deadLetterQueueColumns(chosen: string | undefined): readonly Column<QueueRow, never>[] {
  return [
    {
      key: 'name',
      header: 'Queue',
      cell: (row, { open }) => (
        <button
          type="button"
          aria-pressed={placeKey(row) === chosen}
          onClick={open}
          className="max-w-full truncate rounded-sm font-medium hover:text-accent hover:underline"
        >
          {row.name}
        </button>
      ),
    },
    VHOST_COLUMN,
    {
      key: 'sources',
      wide: true,
      optional: true,
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
      needs: 'rates',
      wide: true,
      optional: true,
      header: 'Dying/s',
      hint: 'Dead letters coming in',
      ...number,
      cell: (row) => <Rate value={row.rates?.deadLettersIn} />,
    },
    {
      key: 'oldest',
      needs: 'oldestAge',
      wide: true,
      optional: true,
      header: 'Oldest',
      ...number,
      cell: (row, { nowMs }) => formatAge(row.oldestReadyAtMs, nowMs),
    },
    {
      key: 'consumers',
      wide: true,
      optional: true,
      header: 'Consumers',
      hint: 'Programs that take messages from here',
      ...number,
      cell: (row) => <Count value={row.consumers} />,
    },
    {
      key: 'trend',
      wide: true,
      optional: true,
      header: 'Ready, 2 min',
      align: 'right',
      width: 7,
      cell: (row) => <Sparkline values={row.spark} color="var(--chart-5)" />,
    },
  ];
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
