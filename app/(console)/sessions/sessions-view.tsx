'use client';
import { SessionTable } from '@/components/sessions/session-table.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { Segmented } from '@/components/ui/segmented.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { sessionsQuery, useRevokeSession } from '@/lib/client/session.ts';
import { oneOf, useUrlState } from '@/lib/client/url-state.ts';

const WHOSE = ['own', 'all'] as const;

/** Who is signed in to the console, and an end to it. */
export function SessionsView({ maySeeAll }: { maySeeAll: boolean }) {
  const [search, change] = useUrlState();
  const whose = maySeeAll ? oneOf(search.get('of'), WHOSE, 'own') : 'own';
  const sessions = useLiveQuery(sessionsQuery(whose === 'all'), 5);
  const revoke = useRevokeSession();
  return (
    <>
      <PageHeader
        title="Sessions"
        note="Sign-ins to this console. Each ends eight hours after its last use, with a new password, or here."
      />
      {maySeeAll && (
        <div className="mb-3">
          <Segmented
            label="Whose sessions"
            value={whose}
            options={[
              { value: 'own', label: 'Mine' },
              { value: 'all', label: 'Everybody’s' },
            ]}
            onChange={(next) => change({ of: next === 'own' ? undefined : next })}
          />
        </div>
      )}
      {revoke.isError && (
        <div className="mb-3">
          <ErrorNote title="The session could not be ended">{reasonOf(revoke.error)}</ErrorNote>
        </div>
      )}
      {sessions.isError ? (
        <ErrorNote title="The sessions could not be read">{reasonOf(sessions.error)}</ErrorNote>
      ) : (
        <Panel flush>
          {sessions.data === undefined ? (
            <SkeletonRows rows={3} />
          ) : (
            <SessionTable
              rows={sessions.data.rows}
              nowMs={sessions.dataUpdatedAt}
              question={whose}
              ending={revoke.isPending ? revoke.variables : undefined}
              onEnd={(id) => revoke.mutate(id)}
            />
          )}
        </Panel>
      )}
    </>
  );
}
