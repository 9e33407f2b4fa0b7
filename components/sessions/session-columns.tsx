import { formatDateTime, formatSpan } from '../../lib/client/formats.ts';
import type { SessionRow } from '../../lib/client/session.ts';
import type { Column } from '../kit/columns.ts';
import { Badge } from '../ui/badge.tsx';

export const SESSION_COLUMNS: readonly Column<SessionRow, never>[] = [
  {
    key: 'user',
    header: 'User',
    width: 12,
    cell: (row) => (
      <span className="inline-flex max-w-full items-center gap-2">
        <span className="truncate font-medium">{row.user}</span>
        {row.isThis && <Badge>this one</Badge>}
      </span>
    ),
  },
  {
    key: 'address',
    wide: true,
    header: 'From',
    width: 9,
    optional: true,
    cell: (row) => <span className="tabular-nums">{row.remoteAddress}</span>,
  },
  {
    key: 'agent',
    wide: true,
    header: 'Browser',
    minWidth: 6.5,
    optional: true,
    cell: (row) => (
      <span className="text-muted" title={row.userAgent}>
        {row.userAgent}
      </span>
    ),
  },
  {
    key: 'since',
    wide: true,
    header: 'Signed in',
    width: 10.5,
    optional: true,
    cell: (row) => <span className="tabular-nums">{formatDateTime(row.sinceMs)}</span>,
  },
  {
    key: 'used',
    wide: true,
    header: 'Last used',
    hint: 'To within ten minutes',
    width: 8,
    optional: true,
    cell: (row, { nowMs }) => <span className="text-muted">{usedText(nowMs - row.lastUsedMs)}</span>,
  },
];

const PRECISION_MS = 10 * 60_000;

function usedText(agoMs: number): string {
  return agoMs <= PRECISION_MS ? 'just now' : `${formatSpan(agoMs)} ago`;
}
