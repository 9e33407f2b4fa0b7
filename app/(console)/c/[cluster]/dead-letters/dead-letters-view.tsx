'use client';
import { MailCheck, MailQuestionMark } from 'lucide-react';
import { useState } from 'react';
import { DeadLetterQueueTable } from '@/components/dead-letters/dead-letter-queue-table.tsx';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Pager } from '@/components/ui/pager.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SearchInput } from '@/components/ui/search-input.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { ApiError, reasonOf } from '@/lib/client/api.ts';
import {
  DEAD_LETTER_QUEUES_A_PAGE,
  type DeadLetterQueueFilter,
  deadLetterQueueQuery,
  deadLetterQueuesQuery,
} from '@/lib/client/dead-letters.ts';
import { plural } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';
import type { QueueRow } from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { useShowVhost } from '@/lib/client/several-vhosts.ts';
import { useUrlState } from '@/lib/client/url-state.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';
import { DeadLetterMessages } from './dead-letter-messages.tsx';
import { NoSuchDeadLetters } from './no-such-dead-letters.tsx';

const keyOf = (row: { vhost: string; name: string }) => `${row.vhost}\0${row.name}`;

export function DeadLettersView() {
  const [search, change] = useUrlState();
  const [vhost] = useVhostFilter();
  const showVhost = useShowVhost(vhost);
  const filter: DeadLetterQueueFilter = {
    vhost,
    text: search.get('text') ?? '',
    sort: 'ready',
    order: 'descending',
    offset: Math.max(0, Math.trunc(Number(search.get('offset') ?? 0)) || 0),
  };
  const list = useLiveQuery(deadLetterQueuesQuery(filter));
  const rows = list.data?.rows ?? [];
  const asked = { name: search.get('queue'), vhost: search.get('in') };
  const namesakes = rows.filter((row) => row.name === asked.name);
  const inVhost = asked.vhost ?? (namesakes.length === 1 ? namesakes[0]?.vhost : undefined);
  const isShown = inVhost !== undefined && (vhost ?? inVhost) === inVhost;
  // Where the address names none: which one is shown must not depend on which holds most at the moment. The address stays
  // as it is, because writing it by itself would undo a click that leads elsewhere.
  const [first, setFirst] = useState<{ vhost: string; name: string }>();
  const [fullest] = list.isPlaceholderData ? [] : rows;
  const isFirstHere = first !== undefined && (vhost ?? first.vhost) === first.vhost;
  if (fullest !== undefined && !isFirstHere) setFirst({ vhost: fullest.vhost, name: fullest.name });
  // An address names one queue, whichever page of the list it is on.
  const named = asked.name !== null && isShown ? { vhost: inVhost, name: asked.name } : undefined;
  const shown = asked.name === null && isFirstHere ? first : named;
  const choose = (row: QueueRow) => change({ in: row.vhost, queue: row.name });

  return (
    <>
      <PageHeader
        title="Dead letters"
        note={list.data && `${plural(list.data.waiting, 'message')} waiting in ${plural(list.data.matching, 'queue')}`}
      />
      {list.isError && (
        <div className="mb-3">
          <ErrorNote title="The queues could not be read">{reasonOf(list.error)}</ErrorNote>
        </div>
      )}
      {(rows.length > 0 || filter.text !== '') && (
        <div className="mb-3">
          <SearchInput
            label="Filter by name"
            value={filter.text}
            onChange={(text) => change({ text, offset: undefined })}
          />
        </div>
      )}
      {list.data === undefined
        ? !list.isError && (
            <Panel flush>
              <SkeletonRows rows={4} />
            </Panel>
          )
        : (rows.length > 0 || filter.text !== '' || filter.offset > 0 || asked.name === null) && (
            <Panel flush className="mb-4">
              <DeadLetterQueueTable
                rows={rows}
                chosen={rows.find((row) => row.name === shown?.name && row.vhost === shown.vhost)}
                nowMs={list.dataUpdatedAt}
                showVhost={showVhost}
                question={list.isPlaceholderData ? null : JSON.stringify(filter)}
                rowsOutlast={list.data.matching > DEAD_LETTER_QUEUES_A_PAGE}
                onChoose={choose}
                empty={
                  filter.text !== '' || filter.offset > 0 ? (
                    <EmptyState
                      icon={MailQuestionMark}
                      title="No queue matches"
                      actions={
                        <Button onClick={() => change({ text: undefined, offset: undefined })}>
                          Show all queues with dead letters
                        </Button>
                      }
                    />
                  ) : (
                    <NoDeadLetters />
                  )
                }
              />
              <Pager
                offset={filter.offset}
                size={DEAD_LETTER_QUEUES_A_PAGE}
                shown={rows.length}
                total={list.data.matching}
                noun="queues"
                onOffset={(offset) => change({ offset: offset === 0 ? undefined : String(offset) })}
              />
            </Panel>
          )}
      {shown !== undefined ? (
        <ShownQueue key={keyOf(shown)} {...shown} />
      ) : (
        asked.name !== null &&
        list.data !== undefined && <NoSuchDeadLetters name={asked.name} vhost={asked.vhost} shownVhost={vhost} />
      )}
    </>
  );
}

function NoDeadLetters() {
  return (
    <EmptyState
      icon={MailCheck}
      title="No dead letters"
      actions={<ButtonLink href={paths.newQueue}>New queue with a dead-letter exchange</ButtonLink>}
    >
      A message dies when a consumer rejects it, when it waits longer than its TTL, or when its queue is full. Give a
      queue a dead-letter exchange, and its dead messages are kept and can be replayed from here.
    </EmptyState>
  );
}

/** The messages of one queue, if it is there and dead letters can be in it. */
function ShownQueue({ vhost, name }: { vhost: string; name: string }) {
  const { data: queue, error } = useLiveQuery(deadLetterQueueQuery(vhost, name));
  const isGone = error instanceof ApiError && error.code === 'NOT_FOUND';
  const isOther = queue !== undefined && queue.deadLetterSources.count === 0 && queue.counters.deadLettersIn === 0;
  if (isGone || isOther || (queue === undefined && error !== null))
    return <NoSuchDeadLetters name={name} vhost={vhost} shownVhost={undefined} />;
  if (queue === undefined)
    return (
      <Panel flush>
        <SkeletonRows rows={5} />
      </Panel>
    );
  return <DeadLetterMessages queue={queue} />;
}
