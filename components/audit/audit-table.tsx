import type { ReactNode } from 'react';
import { actWords } from '../../lib/audit/actions.ts';
import type { AuditRow } from '../../lib/client/audit.ts';
import { formatDateTime } from '../../lib/client/formats.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';

export function AuditTable({
  rows,
  showVhost,
  question,
  empty,
  opened,
  onOpen,
}: {
  rows: readonly AuditRow[];
  showVhost: boolean;
  /** What the rows answer, for DataTable. */
  question: string | null;
  empty: ReactNode;
  opened: AuditRow | null;
  onOpen: (row: AuditRow) => void;
}) {
  const columns: Column<AuditRow>[] = [
    {
      key: 'at',
      header: 'Time',
      width: '10.5rem',
      cell: (row) => (
        <time className="text-muted tabular-nums" dateTime={new Date(row.atMs).toISOString()}>
          {formatDateTime(row.atMs)}
        </time>
      ),
    },
    {
      key: 'user',
      header: 'User',
      width: '8rem',
      cell: (row) => (
        <span className="font-medium" title={row.user}>
          {row.user}
        </span>
      ),
    },
    {
      key: 'address',
      header: 'From',
      hint: 'The address of the browser or program',
      width: '9rem',
      cell: (row) => <span className="text-muted tabular-nums">{row.remoteAddress}</span>,
    },
    {
      key: 'act',
      header: 'What',
      cell: (row) => (
        <button
          type="button"
          className="max-w-full truncate rounded-sm text-left hover:text-accent hover:underline"
          onClick={() => onOpen(row)}
        >
          {actWords(row.action, row.outcome)}{' '}
          {row.object !== row.user && <span className="font-medium">{row.object}</span>}
          {row.detail !== '' && <span className="text-muted"> {row.detail}</span>}
        </button>
      ),
    },
    ...(showVhost
      ? [
          {
            key: 'vhost',
            header: 'Vhost',
            width: '7rem',
            cell: (row: AuditRow) => <span className="text-muted">{row.vhost}</span>,
          },
        ]
      : []),
    {
      key: 'outcome',
      header: 'Outcome',
      width: '11rem',
      cell: (row) =>
        row.outcome === 'ok' ? (
          <span className="text-muted">done</span>
        ) : (
          <span className="text-danger" title={row.outcome}>
            {row.outcome}
          </span>
        ),
    },
  ];
  return (
    <DataTable
      label="Audit, newest first"
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.id)}
      question={question}
      rowsOutlast
      empty={empty}
      minWidth="56rem"
      isSelected={(row) => row.id === opened?.id}
      onOpen={onOpen}
    />
  );
}
