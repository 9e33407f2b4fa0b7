'use client';
import { Ban } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { plural } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';

/** Which queues a message would reach, or why that is not known. */
export function RouteResult({
  vhost,
  queues,
  problem,
  hint,
}: {
  vhost: string;
  /** Undefined while it is asked. */
  queues: readonly string[] | undefined;
  problem: string | undefined;
  /** What to do when nothing is reached. */
  hint?: ReactNode;
}) {
  if (problem !== undefined) return <p className="text-danger">{problem}</p>;
  if (queues === undefined) return <p className="text-muted">Asking the broker</p>;
  if (queues.length === 0)
    return (
      <div className="flex gap-2 text-warn">
        <Ban className="mt-0.5 size-4 shrink-0" aria-hidden />
        <div>
          <p className="font-medium">Reaches no queue</p>
          <p className="text-muted text-xs">
            {hint ?? 'A message like this would be unroutable: it is returned or dropped.'}
          </p>
        </div>
      </div>
    );
  return (
    <div>
      <p className="mb-1 text-muted text-xs">Reaches {plural(queues.length, 'queue')}</p>
      <ul className="flex max-h-56 flex-col gap-1 overflow-y-auto">
        {queues.map((name) => (
          <li key={name} className="truncate">
            <Link href={paths.queue(vhost, name)} className="font-medium hover:text-accent hover:underline">
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
