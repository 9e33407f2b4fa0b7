'use client';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useId, useState } from 'react';
import type { DeadLetter, ReplayResult } from '../../lib/client/dead-letters.ts';
import { formatCount, formatSpan, plural } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { CheckField, Field, TextInput } from '../ui/field.tsx';

/** What is to be replayed: some messages, or all that are there when it begins. */
export type ReplayScope =
  | { kind: 'messages'; messages: readonly DeadLetter[] }
  | { kind: 'all'; ready: number; shown: readonly DeadLetter[] };

export interface ReplayOptions {
  target: string | undefined;
  force: boolean;
}

const TYPE_FROM = 1000;

export function ReplayDialog({
  scope,
  vhost,
  queue,
  queues,
  readyNow,
  busy,
  error,
  result,
  onTargetText,
  onClose,
  onReplay,
}: {
  /** Undefined: closed. */
  scope: ReplayScope | undefined;
  vhost: string;
  queue: string;
  /** Names with what is typed of the target. */
  queues: readonly string[];
  onTargetText: (text: string) => void;
  /** Ready messages in the dead-letter queue, as it falls. */
  readyNow: number;
  busy: boolean;
  error: string | undefined;
  result: ReplayResult | undefined;
  onClose: () => void;
  onReplay: (options: ReplayOptions) => void;
}) {
  const count = scope === undefined ? 0 : scope.kind === 'all' ? scope.ready : scope.messages.length;
  return (
    <Dialog
      open={scope !== undefined}
      onClose={onClose}
      title={
        result === undefined
          ? `Replay ${plural(count, 'message')} of ${queue}?`
          : `Replayed ${plural(result.moved, 'message')} of ${queue}`
      }
      description={
        result === undefined
          ? 'Each leaves this queue and enters the queue it failed in, in one step: never in both, never in none, and in no other queue.'
          : undefined
      }
    >
      {result === undefined ? (
        scope !== undefined && (
          <ReplayForm key={queue} {...{ scope, queue, queues, onTargetText, count, busy, error, onClose, onReplay }} />
        )
      ) : (
        <Result {...{ vhost, queue, readyNow, result, onClose }} />
      )}
    </Dialog>
  );
}

function ReplayForm({
  scope,
  queue,
  queues,
  onTargetText,
  count,
  busy,
  error,
  onClose,
  onReplay,
}: {
  scope: ReplayScope;
  queue: string;
  queues: readonly string[];
  onTargetText: (text: string) => void;
  count: number;
  busy: boolean;
  error: string | undefined;
  onClose: () => void;
  onReplay: (options: ReplayOptions) => void;
}) {
  const listId = useId();
  const [target, setTarget] = useState('');
  const [force, setForce] = useState(false);
  const [typed, setTyped] = useState('');
  const known = scope.kind === 'messages' ? scope.messages : scope.shown;
  const guarded = known.filter((message) => message.guarded).length;
  const ready = count < TYPE_FROM || typed === queue;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) onReplay({ target: target === '' ? undefined : target, force });
      }}
    >
      {target === '' && <Destinations messages={known} partial={scope.kind === 'all' && count > known.length} />}
      {scope.kind === 'all' && (
        <p className="text-muted">
          Only what is there when it begins: messages that fail again and come back are not taken a second time.
        </p>
      )}
      <Field
        label="Send to another queue instead"
        optional
        help="It must exist. Empty: each goes back to where it came from."
      >
        {(control) => (
          <>
            <TextInput
              {...control}
              list={listId}
              value={target}
              onChange={(event) => {
                setTarget(event.target.value);
                onTargetText(event.target.value);
              }}
            />
            <datalist id={listId}>
              {queues
                .filter((name) => name !== queue)
                .map((name) => (
                  <option key={name} value={name} />
                ))}
            </datalist>
          </>
        )}
      </Field>
      {(guarded > 0 || scope.kind === 'all') && (
        <CheckField
          label="Also what has come back three times"
          help={
            guarded > 0
              ? `${plural(guarded, 'message')} here. They will most likely come back again.`
              : 'Such messages are left here otherwise: they will most likely come back again.'
          }
          checked={force}
          onChange={setForce}
        />
      )}
      {count >= TYPE_FROM && (
        <Field
          label={
            <>
              Type <code className="break-all rounded-sm bg-sunken px-1 font-mono">{queue}</code> to confirm
            </>
          }
        >
          {(control) => <TextInput {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </Field>
      )}
      {error !== undefined && <ErrorNote title="The broker refused it">{error}</ErrorNote>}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" kind="primary" disabled={!ready} busy={busy}>
          Replay {plural(count, 'message')}
        </Button>
      </div>
    </form>
  );
}

/** How many go where, as far as they have been looked at. */
function Destinations({ messages, partial }: { messages: readonly DeadLetter[]; partial: boolean }) {
  const counts = new Map<string | null, number>();
  for (const { origin } of messages) counts.set(origin.queue, (counts.get(origin.queue) ?? 0) + 1);
  const needing = counts.get(null) ?? 0;
  return (
    <div className="rounded-md border border-line px-3 py-2">
      {partial && (
        <p className="mb-1 text-muted text-xs">Of the {formatCount(messages.length)} messages on the page:</p>
      )}
      <ul className="flex flex-col gap-0.5">
        {[...counts].map(
          ([queue, count]) =>
            queue !== null && (
              <li key={queue} className="flex justify-between gap-4">
                <span className="truncate font-medium">{queue}</span>
                <span className="text-muted tabular-nums">{formatCount(count)}</span>
              </li>
            ),
        )}
        {needing > 0 && (
          <li className="flex justify-between gap-4 text-warn">
            <span>need a target, will be left here</span>
            <span className="tabular-nums">{formatCount(needing)}</span>
          </li>
        )}
      </ul>
    </div>
  );
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
        {result.moved === 0 && skipped === 0 && <p>Nothing was there any more.</p>}
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
