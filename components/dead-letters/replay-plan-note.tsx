import type { ReactNode } from 'react';
import type { ReplayPlan } from '../../lib/client/dead-letters.ts';
import { formatCount, plural } from '../../lib/client/formats.ts';
import { Button } from '../ui/button.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';

/** How many messages would go where, how many would stay and why, and what headers say where nothing is recorded. */
export function ReplayPlanNote({
  plan,
  chosen,
  onChooseHint,
}: {
  plan: ReplayPlan | undefined;
  /** The target that is chosen; '': none. */
  chosen: string;
  onChooseHint: (queue: string) => void;
}) {
  if (plan === undefined) return <SkeletonRows rows={2} />;
  const { examined, complete, movesTo, stays, hints } = plan;
  return (
    <section aria-label="What would be moved" aria-live="polite" className="rounded-md border border-line px-3 py-2">
      {!complete && (
        <p className="mb-1 text-muted text-xs">
          Of the first {plural(examined, 'message')}, all that were looked at in the time there is; there are more.
        </p>
      )}
      {examined === 0 && complete && <p className="text-muted">There is no such message now.</p>}
      <ul className="flex flex-col gap-1">
        {movesTo.map(({ queue, count }) => (
          <Line key={queue} count={count}>
            to <span className="break-all font-medium">{queue}</span>
          </Line>
        ))}
        {stays.map(({ reason, count }) => (
          <Line key={reason} count={count} stays>
            left here: {reason}
          </Line>
        ))}
      </ul>
      {chosen === '' && hints.length > 0 && (
        <div className="mt-2 border-line border-t pt-2">
          <p className="text-muted text-xs">
            Headers of those that need a target name queues. Anybody can write them: choose one only if you know it.
          </p>
          <ul className="mt-1 flex flex-col gap-1">
            {hints.map(({ queue, header, count }) => (
              <li key={`${header}\0${queue}`} className="flex items-center justify-between gap-3">
                <span className="min-w-0 break-words">
                  {formatCount(count)}: <span className="font-mono text-xs">{header}</span> says{' '}
                  <span className="break-all font-medium">{queue}</span>
                </span>
                <Button size="small" onClick={() => onChooseHint(queue)}>
                  Choose it
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Line({ count, stays = false, children }: { count: number; stays?: boolean; children: ReactNode }) {
  return (
    <li className={stays ? 'flex justify-between gap-4 text-warn' : 'flex justify-between gap-4'}>
      <span className="min-w-0 break-words">{children}</span>
      <span className="text-muted tabular-nums">{formatCount(count)}</span>
    </li>
  );
}
