'use client';
/** The list of queues, a page at a time; what is asked for stands in the address. */
import { Plus, Rows3 } from 'lucide-react';
import { ListPage, NameFilter } from '@/components/kit/list-page.tsx';
import { listSchema, useList } from '@/components/kit/list-state.ts';
import { QUEUE_COLUMNS } from '@/components/queues/queue-columns.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Segmented } from '@/components/ui/segmented.tsx';
import { paths } from '@/lib/client/paths.ts';
import { placeKey } from '@/lib/client/place-key.ts';
import { QUEUES_A_PAGE, queueListQuery } from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { urlOption } from '@/lib/client/url-state.ts';

const STATES = [
  { value: 'all', label: 'All' },
  { value: 'messages', label: 'With messages' },
  { value: 'unconsumed', label: 'No consumers' },
] as const;
const SCHEMA = listSchema(QUEUE_COLUMNS, { state: urlOption(STATES) });

export function QueuesView() {
  const list = useList(SCHEMA);
  const { text, state, sort, order, offset } = list.state;
  const query = useLiveQuery(queueListQuery({ vhost: list.vhost, text, state, sort, order, offset }));
  const newQueue = (
    <ButtonLink kind="primary" href={paths.newQueue}>
      <Plus aria-hidden />
      New queue
    </ButtonLink>
  );
  return (
    <ListPage
      title="Queues"
      noun="queue"
      list={list}
      query={query}
      columns={QUEUE_COLUMNS}
      rowKey={placeKey}
      pageSize={QUEUES_A_PAGE}
      // Of one page out of several, and of a choice by what a queue does now, a queue that leaves is still there.
      rowsOutlast={state !== 'all' || (query.data?.matching ?? 0) > QUEUES_A_PAGE}
      actions={newQueue}
      filters={
        <>
          <NameFilter list={list} />
          <Segmented label="State" value={state} options={STATES} onChange={(next) => list.ask({ state: next })} />
        </>
      }
      empty={{
        icon: Rows3,
        title: 'No queues yet',
        text: 'A queue holds messages until a consumer takes them. Declare one here, or connect a program that does.',
        actions: newQueue,
      }}
    />
  );
}
