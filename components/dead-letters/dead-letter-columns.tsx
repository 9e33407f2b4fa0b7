import { RotateCcw, TriangleAlert } from 'lucide-react';
import type { DeadLetter } from '../../lib/client/dead-letters.ts';
import { formatCount, formatDateTime, formatSpan } from '../../lib/client/formats.ts';
import type { Column } from '../kit/columns.ts';
import { AGE_COLUMN, BODY_COLUMN } from '../messages/message-columns.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';

/** Dead messages of one queue: what, why, and where each would go back to. */
export const DEAD_LETTER_COLUMNS: readonly Column<DeadLetter, never>[] = [
  BODY_COLUMN,
  { key: 'reason', optional: true, header: 'Why it died', width: 8, cell: (row) => <Reason row={row} /> },
  {
    key: 'where',
    wide: true,
    optional: true,
    header: 'Died in',
    width: 10,
    cell: (row) => <Where row={row} />,
  },
  {
    key: 'when',
    wide: true,
    optional: true,
    header: 'First died',
    hint: 'When it first died there for that reason',
    width: 6.5,
    align: 'right',
    cell: (row, { nowMs }) => <When seconds={row.deaths[0]?.timeSeconds ?? null} nowMs={nowMs} />,
  },
  { key: 'origin', wide: true, optional: true, header: 'Goes back to', width: 10, cell: (row) => <Target row={row} /> },
  {
    key: 'replays',
    wide: true,
    optional: true,
    header: 'Replays',
    hint: 'How often it has been replayed already',
    width: 5,
    align: 'right',
    cell: (row) => (
      <span className={row.guarded ? 'font-medium text-warn' : row.replays === 0 ? 'text-faint' : undefined}>
        {formatCount(row.replays)}
      </span>
    ),
  },
  AGE_COLUMN,
];

/** `refusal`: why nothing can be replayed from here; undefined: messages can. */
export function replayColumn(refusal: string | undefined, onReplay: (message: DeadLetter) => void): Column<DeadLetter> {
  return {
    key: 'act',
    wide: true,
    header: <span className="sr-only">Replay</span>,
    width: 6.5,
    align: 'right',
    cell: (row) => (
      <Button size="small" disabled={refusal !== undefined} title={refusal} onClick={() => onReplay(row)}>
        <RotateCcw aria-hidden />
        Replay
      </Button>
    ),
  };
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
