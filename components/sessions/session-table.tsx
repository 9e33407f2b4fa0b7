import { formatDateTime, formatSpan } from '../../lib/client/formats.ts';
import type { SessionRow } from '../../lib/client/session.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';

export function SessionTable({
  rows,
  nowMs,
  question,
  ending,
  onEnd,
}: {
  rows: readonly SessionRow[];
  nowMs: number;
  /** What the rows answer, for DataTable. */
  question: string;
  /** The id of the one that is being ended. */
  ending: string | undefined;
  onEnd: (id: string) => void;
}) {
  const columns: Column<SessionRow>[] = [
    {
      key: 'user',
      header: 'User',
      width: '12rem',
      cell: (row) => (
        <span className="inline-flex max-w-full items-center gap-2">
          <span className="truncate font-medium">{row.user}</span>
          {row.isThis && <Badge>this one</Badge>}
        </span>
      ),
    },
    {
      key: 'address',
      header: 'From',
      width: '9rem',
      cell: (row) => <span className="tabular-nums">{row.remoteAddress}</span>,
    },
    {
      key: 'agent',
      header: 'Browser',
      cell: (row) => (
        <span className="text-muted" title={row.userAgent}>
          {row.userAgent}
        </span>
      ),
    },
    {
      key: 'since',
      header: 'Signed in',
      width: '10.5rem',
      cell: (row) => <span className="tabular-nums">{formatDateTime(row.sinceMs)}</span>,
    },
    {
      key: 'used',
      header: 'Last used',
      hint: 'To within ten minutes',
      width: '8rem',
      cell: (row) => <span className="text-muted">{usedText(nowMs - row.lastUsedMs)}</span>,
    },
    {
      key: 'end',
      header: <span className="sr-only">End</span>,
      width: '6rem',
      align: 'right',
      cell: (row) =>
        !row.isThis && (
          <Button
            kind="danger"
            size="small"
            busy={ending === row.id}
            aria-label={`End the session of ${row.user} since ${formatDateTime(row.sinceMs)}`}
            onClick={() => onEnd(row.id)}
          >
            End
          </Button>
        ),
    },
  ];
  return (
    <DataTable
      label="Sessions"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      question={question}
      minWidth="52rem"
    />
  );
}

const PRECISION_MS = 10 * 60_000;

function usedText(agoMs: number): string {
  return agoMs <= PRECISION_MS ? 'just now' : `${formatSpan(agoMs)} ago`;
}
