'use client';
import { MailCheck } from 'lucide-react';
import { useState } from 'react';
import * as z from 'zod/mini';
import { deadLetterQueueColumns } from '@/components/dead-letters/dead-letter-queue-columns.tsx';
import { ListTable, NameFilter } from '@/components/kit/list-page.tsx';
import { listSchema, useList } from '@/components/kit/list-state.ts';
import { Loaded } from '@/components/kit/loaded.tsx';
import { MESSAGE_LIST } from '@/components/messages/message-list.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { isAbsent } from '@/lib/client/api.ts';
import { DEAD_LETTER_QUEUES_A_PAGE, deadLetterQueueQuery, deadLetterQueuesQuery } from '@/lib/client/dead-letters.ts';
import { plural } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';
import { placeKey } from '@/lib/client/place-key.ts';
import type { QueueRow } from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { urlText, useUrlState } from '@/lib/client/url-state.ts';
import { DeadLetterMessages } from './dead-letter-messages.tsx';
import { NoSuchDeadLetters } from './no-such-dead-letters.tsx';

const LIST_SCHEMA = listSchema(deadLetterQueueColumns(undefined), {});
const SCHEMA = z.object({ queue: urlText, in: z.optional(z.string()), ...MESSAGE_LIST });

interface Place {
  vhost: string;
  name: string;
}

export function DeadLettersView() {
  const list = useList(LIST_SCHEMA, 'queues.');
  const { vhost } = list;
  const { text, offset } = list.state;
  const query = useLiveQuery(deadLetterQueuesQuery({ vhost, text, sort: 'ready', order: 'descending', offset }));
  const rows = query.data?.rows ?? [];
  const [asked, change] = useUrlState(SCHEMA);
  const shown = useShownPlace(asked, vhost, rows, query.isPlaceholderData);
  const choose = ({ vhost: inVhost, name }: QueueRow) =>
    change({ in: inVhost, queue: name, pages: [], selected: [], opened: '' });

  return (
    <>
      <PageHeader
        title="Dead letters"
        note={
          query.data && `${plural(query.data.waiting, 'message')} waiting in ${plural(query.data.matching, 'queue')}`
        }
      />
      {(rows.length > 0 || list.isFiltered) && (
        <div className="mb-3">
          <NameFilter list={list} />
        </div>
      )}
      {(rows.length > 0 || list.isFiltered || !list.isFirstPage || asked.queue === '' || query.data === undefined) && (
        <div className="mb-4">
          <ListTable
            list={list}
            query={query}
            columns={deadLetterQueueColumns(shown && placeKey(shown))}
            rowKey={placeKey}
            noun="queue"
            nouns="queues with dead letters"
            pageSize={DEAD_LETTER_QUEUES_A_PAGE}
            isSelected={(row) => shown !== undefined && placeKey(row) === placeKey(shown)}
            onOpen={choose}
            empty={{
              icon: MailCheck,
              title: 'No dead letters',
              text: 'A message dies when a consumer rejects it, when it waits longer than its TTL, or when its queue is full. Give a queue a dead-letter exchange, and its dead messages are kept and can be replayed from here.',
              actions: <ButtonLink href={paths.newQueue}>New queue with a dead-letter exchange</ButtonLink>,
            }}
          />
        </div>
      )}
      {shown !== undefined ? (
        <ShownQueue key={placeKey(shown)} {...shown} />
      ) : (
        asked.queue !== '' &&
        query.data !== undefined && <NoSuchDeadLetters name={asked.queue} vhost={asked.in ?? null} shownVhost={vhost} />
      )}
    </>
  );
}

/**
 * The queue whose messages are shown: the one that the address names, whichever page of the list it is on. Where it names
 * none: which one is shown must not depend on which holds most at the moment. The address stays as it is then, because
 * writing it by itself would undo a click that leads elsewhere.
 */
function useShownPlace(
  asked: { queue: string; in?: string | undefined },
  vhost: string | undefined,
  rows: readonly QueueRow[],
  isOfBefore: boolean,
): Place | undefined {
  const isListed = (place: Place) => (vhost ?? place.vhost) === place.vhost;
  const [first, setFirst] = useState<Place>();
  const [fullest] = isOfBefore ? [] : rows;
  const isFirstHere = first !== undefined && isListed(first);
  if (fullest !== undefined && !isFirstHere) setFirst({ vhost: fullest.vhost, name: fullest.name });
  if (asked.queue === '') return isFirstHere ? first : undefined;
  const namesakes = rows.filter(({ name }) => name === asked.queue);
  const inVhost = asked.in ?? (namesakes.length === 1 ? namesakes[0]?.vhost : undefined);
  const named = inVhost === undefined ? undefined : { vhost: inVhost, name: asked.queue };
  return named !== undefined && isListed(named) ? named : undefined;
}

/** The messages of one queue, if it is there and dead letters can be in it. */
function ShownQueue({ vhost, name }: { vhost: string; name: string }) {
  const query = useLiveQuery(deadLetterQueueQuery(vhost, name));
  const other = <NoSuchDeadLetters name={name} vhost={vhost} shownVhost={undefined} />;
  if (isAbsent(query.error)) return other;
  return (
    <Loaded query={query} noun="queue" skeletonRows={5}>
      {(queue) =>
        queue.deadLetterSources.count === 0 && queue.counters.deadLettersIn === 0 ? (
          other
        ) : (
          <DeadLetterMessages queue={queue} />
        )
      }
    </Loaded>
  );
}
