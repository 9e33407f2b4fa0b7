import { actWords } from '../../lib/audit/actions.ts';
import type { AuditRow } from '../../lib/client/audit.ts';
import { formatDateTime } from '../../lib/client/formats.ts';
import { VHOST_COLUMN } from '../kit/cells.tsx';
import type { Column } from '../kit/columns.ts';

export const AUDIT_COLUMNS: readonly Column<AuditRow, never>[] = [
  {
    key: 'at',
    wide: true,
    header: 'Time',
    width: 10.5,
    cell: (row) => (
      <time className="text-muted tabular-nums" dateTime={new Date(row.atMs).toISOString()}>
        {formatDateTime(row.atMs)}
      </time>
    ),
  },
  {
    key: 'user',
    header: 'User',
    width: 8,
    optional: true,
    cell: (row) => (
      <span className="font-medium" title={row.user}>
        {row.user}
      </span>
    ),
  },
  {
    key: 'address',
    wide: true,
    header: 'From',
    hint: 'The address of the browser or program',
    width: 9,
    optional: true,
    cell: (row) => <span className="text-muted tabular-nums">{row.remoteAddress}</span>,
  },
  {
    key: 'act',
    header: 'What',
    minWidth: 17.5,
    cell: (row, { open }) => (
      <button
        type="button"
        className="max-w-full truncate rounded-sm text-left hover:text-accent hover:underline"
        onClick={open}
      >
        {actWords(row.action, row.outcome)}{' '}
        {row.object !== row.user && <span className="font-medium">{row.object}</span>}
        {row.detail !== '' && <span className="text-muted"> {row.detail}</span>}
      </button>
    ),
  },
  VHOST_COLUMN,
  {
    key: 'outcome',
    wide: true,
    header: 'Outcome',
    width: 11,
    optional: true,
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
