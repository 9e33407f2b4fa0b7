import { ArrowRight, CircleCheck, OctagonAlert, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { Problem } from '../../lib/client/overview.ts';
import { paths } from '../../lib/client/paths.ts';
import { cn } from '../ui/cn.ts';
import { StillArea, useStillRows } from '../ui/still-area.tsx';

/** What deserves a look, worst first: what, why, and where to act. */
export function ProblemList({ problems, question }: { problems: readonly Problem[]; question: string }) {
  const list = useStillRows(problems, problemKey, question);
  return (
    <StillArea list={list} className="mb-4 rounded-lg border border-line bg-surface">
      {list.rows.length === 0 ? (
        <p className="flex items-center gap-2 px-3 py-2 text-muted">
          <CircleCheck className="size-4 shrink-0 text-good" aria-hidden />
          No problems: no alarm, no messages without consumers, no growing backlog, no dead or unroutable messages.
        </p>
      ) : (
        <Problems problems={list.rows} gone={list.gone} />
      )}
    </StillArea>
  );
}

const problemKey = ({ key }: Problem) => key;

function Problems({ problems, gone }: { problems: readonly Problem[]; gone: ReadonlySet<string> }) {
  return (
    <ul aria-label="Problems">
      {problems.map((problem) => {
        const critical = problem.severity === 'critical';
        const Icon = critical ? OctagonAlert : TriangleAlert;
        return (
          <li
            key={problem.key}
            className={cn(
              'flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-3 py-2 last:border-b-0',
              gone.has(problem.key) && 'bg-sunken [&_p]:line-through',
            )}
          >
            <Icon className={cn('size-4 shrink-0', critical ? 'text-danger' : 'text-warn')} aria-hidden />
            <div className="min-w-0 flex-1 basis-64">
              <p className="break-words font-medium">
                <span className="sr-only">
                  {gone.has(problem.key) ? 'Gone: ' : critical ? 'Critical: ' : 'Warning: '}
                </span>
                {problem.title}
              </p>
              <p className="text-muted text-xs">{problem.cause}</p>
            </div>
            {problem.subject !== null && <SubjectLink subject={problem.subject} title={problem.title} />}
          </li>
        );
      })}
    </ul>
  );
}

function SubjectLink({ subject, title }: { subject: NonNullable<Problem['subject']>; title: string }) {
  const { action, href } = linkTo(subject);
  return (
    <Link
      href={href}
      aria-label={`${action}: ${title}`}
      className="ml-7 inline-flex shrink-0 items-center gap-1 rounded-sm font-medium text-accent text-xs hover:underline sm:ml-0"
    >
      {action}
      <ArrowRight className="size-3.5" aria-hidden />
    </Link>
  );
}

function linkTo(subject: NonNullable<Problem['subject']>): { action: string; href: string } {
  switch (subject.kind) {
    case 'queue':
      return { action: 'Open queue', href: paths.queue(subject.vhost, subject.name) };
    case 'exchange':
      return { action: 'Open exchange', href: paths.exchange(subject.vhost, subject.name) };
    case 'dead-letters':
      return { action: 'Look and replay', href: paths.deadLettersIn(subject.vhost, subject.name) };
    case 'list':
      return LISTS[subject.of];
  }
}

const LISTS = {
  unconsumed: { action: 'List queues', href: paths.unconsumedQueues },
  queues: { action: 'List queues', href: paths.queues },
  exchanges: { action: 'List exchanges', href: paths.exchanges },
  'dead-letters': { action: 'Look and replay', href: paths.deadLetters },
};
