'use client';
import { Ban, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { plural } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import { type RouteAnswer, routeTree } from '../../lib/client/routes.ts';
import { RoutePath } from './route-path.tsx';

/** Which queues a message would reach and by which way, or why that is not known. */
export function RouteResult({
  vhost,
  routingKey,
  answer,
  problem,
  hint,
}: {
  vhost: string;
  routingKey: string;
  /** Undefined while the answer is on its way. */
  answer: RouteAnswer | undefined;
  problem: string | undefined;
  /** What to do when nothing is reached. */
  hint?: ReactNode;
}) {
  if (problem !== undefined) return <p className="text-danger">{problem}</p>;
  if (answer === undefined) return <p className="text-muted">Asking the broker</p>;
  const tree = routeTree(answer);
  return (
    <div className="flex flex-col gap-2.5">
      <Reached vhost={vhost} answer={answer} hint={hint} />
      {tree !== undefined && (
        <section aria-label="The way" className="max-h-[60vh] overflow-y-auto border-line border-t pt-2">
          <RoutePath vhost={vhost} routingKey={routingKey} node={tree} />
          {answer.isCut && <p className="mt-1 text-muted text-xs">There is more on the way than is shown here.</p>}
        </section>
      )}
      {answer.refusal !== null && (
        <p className="flex gap-2 border-line border-t pt-2 text-xs">
          <TriangleAlert className="mt-px size-3.5 shrink-0 text-warn" aria-hidden />
          <span className="min-w-0 break-words">
            You could not publish it: <span className="text-muted">{answer.refusal}</span>
          </span>
        </p>
      )}
    </div>
  );
}

function Reached({
  vhost,
  answer: { queues, queueCount },
  hint,
}: {
  vhost: string;
  answer: RouteAnswer;
  hint: ReactNode;
}) {
  if (queueCount === 0)
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
  const certain = queues.filter(({ isCertain }) => isCertain);
  const possible = queues.filter(({ isCertain }) => !isCertain);
  return (
    <div>
      {certain.length > 0 && (
        <p className="mb-1 text-muted text-xs">Reaches {plural(queueCount - possible.length, 'queue')}</p>
      )}
      <QueueLinks vhost={vhost} names={certain.map(({ name }) => name)} />
      {possible.length > 0 && (
        <>
          <p className="mt-1 mb-1 text-muted text-xs">
            {certain.length > 0 ? 'And, as chance decides, some of' : 'Chance decides which of'}{' '}
            {plural(possible.length, 'queue')}
          </p>
          <QueueLinks vhost={vhost} names={possible.map(({ name }) => name)} />
        </>
      )}
    </div>
  );
}

function QueueLinks({ vhost, names }: { vhost: string; names: readonly string[] }) {
  return (
    <ul className="flex max-h-40 flex-wrap gap-x-3 gap-y-0.5 overflow-y-auto">
      {names.map((name) => (
        <li key={name} className="max-w-full truncate">
          <Link href={paths.queue(vhost, name)} className="font-medium hover:text-accent hover:underline">
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
