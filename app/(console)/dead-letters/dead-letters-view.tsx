'use client';
import { MailCheck } from 'lucide-react';
import { useEffect } from 'react';
import { DeadLetterQueueTable } from '@/components/dead-letters/dead-letter-queue-table.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { type DeadLetterQueueRow, deadLetterQueuesQuery } from '@/lib/client/dead-letters.ts';
import { plural } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { useShowVhost } from '@/lib/client/several-vhosts.ts';
import { useUrlState } from '@/lib/client/url-state.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';
import { DeadLetterMessages } from './dead-letter-messages.tsx';
import { NoSuchDeadLetters } from './no-such-dead-letters.tsx';

export function DeadLettersView() {
  const [search, change] = useUrlState();
  const [vhost] = useVhostFilter();
  const showVhost = useShowVhost(vhost);
  const list = useLiveQuery(deadLetterQueuesQuery(vhost));
  const rows = list.data?.rows ?? [];
  const asked = { name: search.get('queue'), vhost: search.get('in') };
  const named = rows.filter((row) => row.name === asked.name && row.vhost === (asked.vhost ?? row.vhost));
  const chosen = named.length === 1 ? named[0] : undefined;
  const choose = (row: DeadLetterQueueRow) => change({ in: row.vhost, queue: row.name });
  // Which one is shown must not depend on which holds most at the moment: the address names it from the beginning.
  const first = asked.name === null ? rows[0] : undefined;
  useEffect(() => {
    if (first !== undefined) change({ in: first.vhost, queue: first.name });
  }, [first, change]);
  const waiting = rows.reduce((sum, row) => sum + row.ready, 0);

  return (
    <>
      <PageHeader
        title="Dead letters"
        note={list.data && `${plural(waiting, 'message')} in ${plural(rows.length, 'queue')}`}
      />
      {list.isError && (
        <div className="mb-3">
          <ErrorNote title="The queues could not be read">{reasonOf(list.error)}</ErrorNote>
        </div>
      )}
      {list.data === undefined ? (
        !list.isError && (
          <Panel flush>
            <SkeletonRows rows={4} />
          </Panel>
        )
      ) : (
        <>
          {(rows.length > 0 || asked.name === null) && (
            <Panel flush className="mb-4">
              <div className="max-h-[19rem] overflow-y-auto">
                <DeadLetterQueueTable
                  rows={rows}
                  chosen={chosen}
                  nowMs={list.dataUpdatedAt}
                  showVhost={showVhost}
                  question={vhost ?? ''}
                  onChoose={choose}
                  empty={
                    <EmptyState
                      icon={MailCheck}
                      title="No dead letters"
                      actions={<ButtonLink href={paths.newQueue}>New queue with a dead-letter exchange</ButtonLink>}
                    >
                      A message dies when a consumer rejects it, when it waits longer than its TTL, or when its queue is
                      full. Give a queue a dead-letter exchange, and its dead messages are kept and can be replayed from
                      here.
                    </EmptyState>
                  }
                />
              </div>
            </Panel>
          )}
          {chosen !== undefined ? (
            <DeadLetterMessages key={`${chosen.vhost}\0${chosen.name}`} queue={chosen} />
          ) : (
            asked.name !== null && <NoSuchDeadLetters name={asked.name} vhost={asked.vhost} shownVhost={vhost} />
          )}
        </>
      )}
    </>
  );
}
