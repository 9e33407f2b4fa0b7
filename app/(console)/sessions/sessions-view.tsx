'use client';
import { KeyRound } from 'lucide-react';
import type { Column } from '@/components/kit/columns.ts';
import { ListPage } from '@/components/kit/list-page.tsx';
import { listSchema, useList } from '@/components/kit/list-state.ts';
import { SESSION_COLUMNS } from '@/components/sessions/session-columns.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Segmented } from '@/components/ui/segmented.tsx';
import { useToast } from '@/components/ui/toasts.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { formatDateTime } from '@/lib/client/formats.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { type SessionRow, sessionsQuery, useRevokeSession } from '@/lib/client/session.ts';
import { urlOption } from '@/lib/client/url-state.ts';

const WHOSE = [
  { value: 'own', label: 'Mine' },
  { value: 'all', label: 'Everybody’s' },
] as const;
const SCHEMA = listSchema(SESSION_COLUMNS, { of: urlOption(WHOSE) });

/** Who is signed in to the console, and an end to it. */
export function SessionsView({ maySeeAll }: { maySeeAll: boolean }) {
  const list = useList(SCHEMA);
  const whose = maySeeAll ? list.state.of : 'own';
  const query = useLiveQuery(sessionsQuery(whose === 'all'), 5);
  return (
    <ListPage
      title="Sessions"
      noun="session"
      note="Sign-ins to this console. Each ends eight hours after its last use, with a new password, or here."
      list={list}
      query={query}
      columns={[...SESSION_COLUMNS, useEndColumn()]}
      rowKey={(row) => row.id}
      filters={
        maySeeAll && (
          <Segmented label="Whose sessions" value={whose} options={WHOSE} onChange={(of) => list.ask({ of })} />
        )
      }
      isFiltered={false}
      empty={{ icon: KeyRound, title: 'No sessions' }}
    />
  );
}

/** A button that ends the session of its row. */
function useEndColumn(): Column<SessionRow> {
  const toast = useToast();
  const revoke = useRevokeSession();
  const end = (id: string) =>
    revoke.mutate(id, {
      onError: (error) => toast('danger', `The session could not be ended: ${reasonOf(error)}`),
    });
  return {
    key: 'end',
    header: <span className="sr-only">End</span>,
    width: 6,
    align: 'right',
    cell: (row) =>
      !row.isThis && (
        <Button
          kind="danger"
          size="small"
          busy={revoke.isPending && revoke.variables === row.id}
          aria-label={`End the session of ${row.user} since ${formatDateTime(row.sinceMs)}`}
          onClick={() => end(row.id)}
        >
          End
        </Button>
      ),
  };
}
