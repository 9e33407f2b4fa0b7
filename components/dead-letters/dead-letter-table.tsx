import { RotateCcw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DeadLetter } from '../../lib/client/dead-letters.ts';
import { formatCount, formatDateTime, formatSpan } from '../../lib/client/formats.ts';
import { ageColumn, bodyColumn } from '../messages/message-columns.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';

/** Dead messages of one queue: what, why, and where each would go back to. */
export function DeadLetterTable({
  rows,
  nowMs,
  question,
  empty,
  selected,
  opened,
  onSelect,
  onOpen,
  replayRefusal,
  onReplay,
}: {
  rows: readonly DeadLetter[];
  nowMs: number;
  /** What the rows answer, for DataTable. */
  question: string;
  empty: ReactNode;
  selected: ReadonlySet<string>;
  opened: string | undefined;
  onSelect: (messages: readonly DeadLetter[], selected: boolean) => void;
  onOpen: (message: DeadLetter) => void;
  /** Why nothing can be replayed from here; undefined: messages can. */
  replayRefusal: string | undefined;
  onReplay: (message: DeadLetter) => void;
}) {
  const columns: Column<DeadLetter>[] = [
    {
      key: 'select',
      header: (shown) => (
        <input
          type="checkbox"
          aria-label="Select all on this page"
          className="size-4 align-middle accent-accent-solid"
          checked={shown.length > 0 && shown.every((row) => selected.has(row.position))}
          onChange={(event) => onSelect(shown, event.target.checked)}
        />
      ),
      width: '2.5rem',
      cell: (row) => (
        <input
          type="checkbox"
          aria-label={`Select the message at ${row.position}`}
          className="size-4 align-middle accent-accent-solid"
          checked={selected.has(row.position)}
          onChange={(event) => onSelect([row], event.target.checked)}
        />
      ),
    },
    bodyColumn(onOpen),
    { key: 'reason', header: 'Why it died', width: '8rem', cell: (row) => <Reason row={row} /> },
    {
      key: 'where',
      header: 'Died in',
      width: '10rem',
      cell: (row) => <Where row={row} />,
    },
    {
      key: 'when',
      header: 'First died',
      hint: 'When it first died there for that reason',
      width: '6.5rem',
      align: 'right',
      cell: (row) => <When seconds={row.deaths[0]?.timeSeconds ?? null} nowMs={nowMs} />,
    },
    { key: 'origin', header: 'Goes back to', width: '10rem', cell: (row) => <Target row={row} /> },
    {
      key: 'replays',
      header: 'Replays',
      hint: 'How often it has been replayed already',
      width: '5rem',
      align: 'right',
      cell: (row) => (
        <span className={row.guarded ? 'font-medium text-warn' : row.replays === 0 ? 'text-faint' : undefined}>
          {formatCount(row.replays)}
        </span>
      ),
    },
    ageColumn(nowMs),
    {
      key: 'act',
      header: <span className="sr-only">Replay</span>,
      width: '6.5rem',
      align: 'right',
      cell: (row) => (
        <Button size="small" disabled={replayRefusal !== undefined} title={replayRefusal} onClick={() => onReplay(row)}>
          <RotateCcw aria-hidden />
          Replay
        </Button>
      ),
    },
  ];
  return (
    <DataTable
      label="Dead letters"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.position}
      question={question}
      empty={empty}
      onOpen={onOpen}
      isSelected={(row) => selected.has(row.position) || row.position === opened}
      minWidth="70rem"
    />
  );
}

function Reason({ row }: { row: DeadLetter }) {
  const death = row.deaths[0];
  if (death === undefined)
    return (
      <span className="text-faint" title={row.claimedDeaths.length > 0 ? ONLY_HEADERS : undefined}>
        not recorded
      </span>
    );
  return (
    <span className="inline-flex items-center gap-1.5">
      <Badge tone={death.reason === 'rejected' || death.reason === 'delivery_limit' ? 'danger' : 'warn'}>
        {death.reason}
      </Badge>
      {death.count > 1 && <span className="text-muted text-xs tabular-nums">×{formatCount(death.count)}</span>}
    </span>
  );
}

/** A queue that only headers name is told apart: anybody can write them. */
function Where({ row: { deaths, claimedDeaths } }: { row: DeadLetter }) {
  if (deaths[0] !== undefined) return <span title={deaths[0].queue}>{deaths[0].queue}</span>;
  if (claimedDeaths[0] === undefined) return '–';
  return (
    <span className="text-faint italic" title={`Its headers say: ${claimedDeaths[0].queue}. ${ONLY_HEADERS}`}>
      {claimedDeaths[0].queue}?
    </span>
  );
}

const ONLY_HEADERS = 'The broker recorded no death of it; what its headers say anybody can write.';

function When({ seconds, nowMs }: { seconds: number | null; nowMs: number }) {
  if (seconds === null) return <span className="text-faint">–</span>;
  return <span title={formatDateTime(seconds * 1000)}>{formatSpan(nowMs - seconds * 1000)} ago</span>;
}

function Target({ row: { origin } }: { row: DeadLetter }) {
  if (origin.queue !== null)
    return (
      <span className="font-medium" title={origin.why}>
        {origin.queue}
      </span>
    );
  return (
    <span className="inline-flex items-center gap-1 text-warn" title={origin.why}>
      <TriangleAlert className="size-3.5 shrink-0" aria-hidden />
      needs a target
    </span>
  );
}
