'use client';
import type { UseQueryResult } from '@tanstack/react-query';
import { Lock, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError, isAbsent, reasonOf } from '../../lib/client/api.ts';
import { formatClock } from '../../lib/client/formats.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Panel } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';

type Asked<T> = Pick<UseQueryResult<T>, 'data' | 'error' | 'dataUpdatedAt'>;

/** What is known of something that was asked for. */
type Standing = 'loading' | 'absent' | 'no-access' | 'failed' | 'stale' | 'there';

/** Of what is gone or no longer allowed, the last answer is not shown; after any other failure it is, and called old. */
function standingOf({ data, error }: Pick<UseQueryResult, 'data' | 'error'>): Standing {
  if (isAbsent(error)) return 'absent';
  if (error instanceof ApiError && error.status === 403) return 'no-access';
  if (error !== null) return data === undefined ? 'failed' : 'stale';
  return data === undefined ? 'loading' : 'there';
}

/** The last answer, where it is shown. */
export function shownOf<T>(query: Pick<UseQueryResult<T>, 'data' | 'error'>): T | undefined {
  const standing = standingOf(query);
  return standing === 'there' || standing === 'stale' ? query.data : undefined;
}

/** That something could not be read, and of when the answer is that is shown all the same; nothing where it could. */
export function ReadFailure({ query, noun }: { query: Asked<unknown>; noun: string }) {
  const { error, dataUpdatedAt } = query;
  if (error === null) return null;
  return (
    <ErrorNote title={`The ${noun} could not be read`}>
      {reasonOf(error)}
      {standingOf(query) === 'stale' && ` What is shown is of ${formatClock(dataUpdatedAt)}.`}
    </ErrorNote>
  );
}

/** What is asked for, or in its place why it is not there: every page says that in the same way. */
export function Loaded<T>({
  query,
  noun,
  skeletonRows = 6,
  skeleton,
  flush = false,
  absentActions,
  children,
}: {
  query: Asked<T>;
  /** What the answer is of, as in "The queues could not be read". */
  noun: string;
  skeletonRows?: number;
  /** While the answer is on its way; absent: rows in a box. */
  skeleton?: ReactNode;
  /** In a box with edges of its own: what stands in its place needs none. */
  flush?: boolean;
  /** Where to go from what is not there, null: nowhere. Absent: an answer of 404 is a failure like others. */
  absentActions?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const { error } = query;
  const standing = standingOf(query);
  const shown = shownOf(query);
  const boxed = (content: ReactNode) => (flush ? content : <Panel flush>{content}</Panel>);
  if (standing === 'loading') return skeleton ?? boxed(<SkeletonRows rows={skeletonRows} />);
  if (standing === 'absent' && absentActions !== undefined)
    return boxed(
      <EmptyState icon={SearchX} title={`There is no such ${noun}`} actions={absentActions}>
        {reasonOf(error)}
      </EmptyState>,
    );
  if (standing === 'no-access')
    return boxed(
      <EmptyState icon={Lock} title={`You may not see the ${noun}`}>
        {reasonOf(error)}
      </EmptyState>,
    );
  return (
    <>
      {error !== null && (
        <div className={flush ? 'p-3' : 'mb-3'}>
          <ReadFailure query={query} noun={noun} />
        </div>
      )}
      {shown !== undefined && children(shown)}
    </>
  );
}
