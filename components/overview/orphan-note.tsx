import { Archive } from 'lucide-react';
import { formatBytes, formatDateTime, plural } from '../../lib/client/formats.ts';
import type { OverviewPage } from '../../lib/client/overview.ts';

/** Messages that no queue leads to any more, and what can be done about them. */
export function OrphanNote({ orphaned }: { orphaned: NonNullable<OverviewPage['orphaned']> }) {
  const { logs, bytes, folder, nextRemovalMs } = orphaned;
  return (
    <section
      aria-label="Messages set aside"
      className="mb-4 flex gap-3 rounded-lg border border-line bg-surface px-3 py-2"
    >
      <Archive className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
      <div className="min-w-0">
        <p className="font-medium">
          Messages of {plural(logs, 'queue or exchange', 'queues or exchanges')} that the database does not know are set
          aside: {formatBytes(bytes)}
        </p>
        <p className="break-words text-muted text-xs">
          They are in <code className="font-mono">{folder}</code>,{' '}
          {nextRemovalMs === null
            ? 'and stay until somebody removes them.'
            : `the first of them until ${formatDateTime(nextRemovalMs)}.`}{' '}
          A start with the database that knows them brings them back.
        </p>
      </div>
    </section>
  );
}
