'use client';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { ReplayResult } from '../../lib/client/dead-letters.ts';
import { formatSpan, plural } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { ReplayForm, type ReplayFormProps, type ReplayScope } from './replay-form.tsx';

/** Asks what to replay and says what became of the messages. */
export function ReplayDialog({
  scope,
  vhost,
  readyNow,
  result,
  ...form
}: Omit<ReplayFormProps, 'scope'> & {
  /** Undefined: closed. */
  scope: ReplayScope | undefined;
  vhost: string;
  /** Ready messages in the dead-letter queue, as their number falls. */
  readyNow: number;
  result: ReplayResult | undefined;
}) {
  const { queue, onClose } = form;
  return (
    <Dialog
      open={scope !== undefined}
      onClose={onClose}
      title={
        result === undefined
          ? `Replay ${scope === undefined ? '' : whatOf(scope)} of ${queue}?`
          : `Replayed ${plural(result.moved, 'message')} of ${queue}`
      }
      description={
        result === undefined
          ? 'Each leaves this queue and enters the queue it failed in, in one step: never in both, never in none, and in no other queue.'
          : undefined
      }
    >
      {result === undefined ? (
        scope !== undefined && <ReplayForm key={queue} scope={scope} {...form} />
      ) : (
        <Result {...{ vhost, queue, readyNow, result, onClose }} />
      )}
    </Dialog>
  );
}

function whatOf(scope: ReplayScope): string {
  if (scope.kind === 'messages') return plural(scope.positions.length, 'message');
  return scope.searching ? 'what was searched for' : 'all messages';
}

function Result({
  vhost,
  queue,
  readyNow,
  result,
  onClose,
}: {
  vhost: string;
  queue: string;
  readyNow: number;
  result: ReplayResult;
  onClose: () => void;
}) {
  const skipped = result.skipped.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="flex flex-col gap-4">
      <div aria-live="polite" className="flex flex-col gap-2">
        {result.movedTo.map(({ queue: target, count }) => (
          <p key={target} className="flex gap-2">
            <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
            <span>
              {plural(count, 'message')} to{' '}
              <Link href={paths.queue(vhost, target)} className="font-medium hover:text-accent hover:underline">
                {target}
              </Link>
            </span>
          </p>
        ))}
        {result.skipped.map(({ reason, count }) => (
          <p key={reason} className="flex gap-2 text-warn">
            <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
            <span>
              {plural(count, 'message')} left here: {reason}
            </span>
          </p>
        ))}
        {result.stopped !== null && <ErrorNote title="It ended before all were tried">{result.stopped}</ErrorNote>}
        {result.moved === 0 && skipped === 0 && result.stopped === null && <p>Nothing was there any more.</p>}
      </div>
      <p className="text-muted text-xs tabular-nums">
        It took {result.tookMs < 1000 ? `${result.tookMs} ms` : formatSpan(result.tookMs)}. {queue} holds{' '}
        {plural(readyNow, 'ready message')} now.
      </p>
      <div className="flex justify-end">
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
