'use client';
import { MailCheck, MailQuestionMark } from 'lucide-react';
import { DeadLetterQueueTable } from '@/components/dead-letters/dead-letter-queue-table.tsx';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Pager } from '@/components/ui/pager.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SearchInput } from '@/components/ui/search-input.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { useStableOrder } from '@/components/ui/stable-order.ts';
import { reasonOf } from '@/lib/client/api.ts';
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

const keyOf = (row: QueueRow) => `${row.vhost}\0${row.name}`;

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
  const { rows, area } = useStableOrder(list.data?.rows ?? [], keyOf, JSON.stringify(filter), !list.isPlaceholderData);
  const [inVhost, name] = [search.get('in') ?? vhost ?? '/', search.get('queue')];
  const first = rows[0];
  // An address names one queue, whichever page of the list it is on; without one the first is shown.
  const shown = name === null ? first && { vhost: first.vhost, name: first.name } : { vhost: inVhost, name };
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
      {list.data === undefined ? (
        !list.isError && (
          <Panel flush>
            <SkeletonRows rows={4} />
          </Panel>
        )
      ) : rows.length > 0 ? (
        <Panel flush className="mb-4">
          <div {...area}>
            <DeadLetterQueueTable
              rows={rows}
              chosen={shown && rows.find((row) => keyOf(row) === `${shown.vhost}\0${shown.name}`)}
              nowMs={list.dataUpdatedAt}
              showVhost={showVhost}
              onChoose={choose}
            />
          </div>
          <Pager
            offset={filter.offset}
            size={DEAD_LETTER_QUEUES_A_PAGE}
            shown={rows.length}
            total={list.data.matching}
            noun="queues"
            onOffset={(offset) => change({ offset: offset === 0 ? undefined : String(offset) })}
          />
        </Panel>
      ) : filter.text !== '' || filter.offset > 0 ? (
        <Panel className="mb-4">
          <EmptyState
            icon={MailQuestionMark}
            title="No queue matches"
            actions={
              <Button onClick={() => change({ text: undefined, offset: undefined })}>
                Show all queues with dead letters
              </Button>
            }
          />
        </Panel>
      ) : (
        name === null && <NoDeadLetters />
      )}
      {shown !== undefined && <ShownQueue key={`${shown.vhost}\0${shown.name}`} {...shown} isNamed={name !== null} />}
    </>
  );
}

function NoDeadLetters() {
  return (
    <Panel>
      <EmptyState
        icon={MailCheck}
        title="No dead letters"
        actions={<ButtonLink href={paths.newQueue}>New queue with a dead-letter exchange</ButtonLink>}
      >
        A message dies when a consumer rejects it, when it waits longer than its TTL, or when its queue is full. Give a
        queue a dead-letter exchange, and its dead messages are kept and can be replayed from here.
      </EmptyState>
    </Panel>
  );
}

/** The messages of one queue, if it is there and dead letters can be in it. `isNamed`: by the address. */
function ShownQueue({ vhost, name, isNamed }: { vhost: string; name: string; isNamed: boolean }) {
  const query = useLiveQuery(deadLetterQueueQuery(vhost, name));
  const queue = query.data;
  if (query.isError)
    return (
      <ErrorNote title={isNamed ? `The queue ${name} could not be read` : 'The queue could not be read'}>
        {reasonOf(query.error)}
      </ErrorNote>
    );
  if (queue === undefined)
    return (
      <Panel flush>
        <SkeletonRows rows={5} />
      </Panel>
    );
  if (queue.deadLetterSources.count === 0 && queue.counters.deadLettersIn === 0)
    return (
      <Panel>
        <EmptyState
          icon={MailQuestionMark}
          title={`${name} is not a queue of dead letters`}
          actions={<ButtonLink href={paths.queue(vhost, name, 'messages')}>Its messages</ButtonLink>}
        >
          None has come here since the broker started, and as things are bound now none would.
        </EmptyState>
      </Panel>
    );
  return <DeadLetterMessages queue={queue} />;
}
