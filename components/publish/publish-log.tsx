import { Ban, CircleCheck, CircleX } from 'lucide-react';
import Link from 'next/link';
import { exchangeLabel, formatClock, plural } from '../../lib/client/formats.ts';
import type { PublishReport } from '../../lib/client/messages.ts';
import { paths } from '../../lib/client/paths.ts';

/** What became of one publication. */
export interface Published {
  id: number;
  atMs: number;
  vhost: string;
  exchange: string;
  routingKey: string;
  result: { report: PublishReport } | { refusal: string };
}

/** What was published from this page, newest first, and where it went. */
export function PublishLog({ entries }: { entries: readonly Published[] }) {
  if (entries.length === 0) return <p className="p-3 text-muted">Nothing published from this page yet.</p>;
  return (
    <ol aria-live="polite">
      {entries.map((entry) => (
        <li key={entry.id} className="flex gap-2 border-line border-b px-3 py-2 last:border-b-0">
          <Outcome entry={entry} />
          <time className="text-faint text-xs leading-5 tabular-nums" dateTime={new Date(entry.atMs).toISOString()}>
            {formatClock(entry.atMs)}
          </time>
        </li>
      ))}
    </ol>
  );
}

function Outcome({ entry: { vhost, exchange, routingKey, result } }: { entry: Published }) {
  const address = (
    <p className="truncate text-muted text-xs">
      {exchangeLabel(exchange)}, key <span className="font-mono">{routingKey === '' ? "''" : routingKey}</span>
    </p>
  );
  if ('refusal' in result)
    return (
      <>
        <CircleX className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
        <div className="min-w-0 flex-1">
          <p className="break-words font-medium text-danger">{result.refusal}</p>
          {address}
        </div>
      </>
    );
  const { routedTo, refusedBy, delayed, published } = result.report;
  const reached = routedTo.length > 0 || delayed;
  const Icon = reached ? CircleCheck : Ban;
  return (
    <>
      <Icon className={`mt-0.5 size-4 shrink-0 ${reached ? 'text-good' : 'text-warn'}`} aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="break-words">
          {delayed ? (
            `${plural(published, 'message')} kept by the exchange until due`
          ) : reached ? (
            <>
              {plural(published, 'message')} reached{' '}
              {routedTo.map((name, i) => (
                <span key={name}>
                  {i > 0 && ', '}
                  <Link
                    href={paths.queue(vhost, name, 'messages')}
                    className="font-medium hover:text-accent hover:underline"
                  >
                    {name}
                  </Link>
                </span>
              ))}
            </>
          ) : refusedBy.length === 0 ? (
            <span className="font-medium text-warn">Unroutable: no queue took it</span>
          ) : (
            <span className="font-medium text-warn">No queue took it</span>
          )}
        </p>
        {refusedBy.length > 0 && <p className="text-warn">Refused by {refusedBy.join(', ')}: the queue is full</p>}
        {address}
      </div>
    </>
  );
}
