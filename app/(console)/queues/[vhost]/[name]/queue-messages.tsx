'use client';
import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Eye, Inbox } from 'lucide-react';
import { useState } from 'react';
import { addressColumns, ageColumn, bodyColumn, sizeColumn } from '@/components/messages/message-columns.tsx';
import { MessageDetail } from '@/components/messages/message-detail.tsx';
import { MessageFilterBar } from '@/components/messages/message-filter-bar.tsx';
import { SearchNote } from '@/components/messages/search-note.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { Dialog } from '@/components/ui/dialog.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SearchInput } from '@/components/ui/search-input.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { formatCount, plural } from '@/lib/client/formats.ts';
import { isFiltered, useMessageFilter } from '@/lib/client/message-filter.ts';
import { messagePageQuery, messageQuery, type PeekedMessage } from '@/lib/client/messages.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';

/** Looks at what is ready, from the head on; nothing is taken, requeued or counted as delivered. */
export function QueueMessages({
  vhost,
  name,
  ready,
  unacked,
}: {
  vhost: string;
  name: string;
  ready: number;
  unacked: number;
}) {
  const [cursors, setCursors] = useState<string[]>([]);
  const [opened, setOpened] = useState<string>();
  const [filter, changeFilter] = useMessageFilter();
  const searching = isFiltered(filter);
  const from = cursors.at(-1);
  // A search may look through a million messages: it is asked again less often.
  const page = useLiveQuery(messagePageQuery(vhost, name, from, filter), searching ? 10 : 2);
  const open = (message: PeekedMessage) => setOpened(message.position);
  const columns: Column<PeekedMessage>[] = [
    bodyColumn(open),
    ...addressColumns<PeekedMessage>(),
    {
      key: 'marks',
      header: 'Marks',
      width: '8rem',
      cell: (message) => <Marks message={message} />,
    },
    sizeColumn(),
    ageColumn(page.dataUpdatedAt),
  ];
  const next = page.data?.next ?? null;
  const applyFilter: typeof changeFilter = (changes) => {
    setCursors([]);
    changeFilter(changes);
  };
  return (
    <>
      <Panel
        flush
        title="Ready messages"
        note={
          <span className="inline-flex items-center gap-1.5">
            <Eye className="size-3.5" aria-hidden />
            Looking takes nothing: no message is delivered, requeued or marked.
            {unacked > 0 && ` ${plural(unacked, 'message')} at consumers cannot be seen.`}
          </span>
        }
        actions={
          <>
            <SearchInput
              label="Containing text"
              value={filter.containing ?? ''}
              onChange={(containing) => applyFilter({ containing })}
            />
            <Button
              kind="quiet"
              size="icon"
              aria-label="Nearer to the head"
              disabled={cursors.length === 0}
              onClick={() => setCursors(cursors.slice(0, -1))}
            >
              <ChevronLeft aria-hidden />
            </Button>
            <Button
              kind="quiet"
              size="icon"
              aria-label="Further from the head"
              disabled={next === null}
              onClick={() => next !== null && setCursors([...cursors, next])}
            >
              <ChevronRight aria-hidden />
            </Button>
          </>
        }
      >
        <MessageFilterBar filter={filter} onChange={applyFilter} />
        {page.isError && (
          <div className="p-3">
            <ErrorNote title="The messages could not be read">{reasonOf(page.error)}</ErrorNote>
          </div>
        )}
        {searching && page.data !== undefined && <SearchNote page={page.data} />}
        {page.data === undefined ? (
          !page.isError && <SkeletonRows rows={6} />
        ) : (
          <DataTable
            label="Ready messages"
            columns={columns}
            rows={page.data.messages}
            rowKey={(message) => message.position}
            question={`${JSON.stringify(filter)} ${from ?? ''}`}
            onOpen={open}
            isSelected={(message) => message.position === opened}
            minWidth="54rem"
            empty={
              searching ? (
                <EmptyState icon={Inbox} title="No such message">
                  A text is looked for, as it is written, in exchange, routing key, properties and body.
                </EmptyState>
              ) : (
                <NothingReady
                  ready={ready}
                  unacked={unacked}
                  behind={cursors.length > 0}
                  onHead={() => setCursors([])}
                />
              )
            }
          />
        )}
      </Panel>
      <MessageDrawer
        vhost={vhost}
        queue={name}
        position={opened}
        nowMs={page.dataUpdatedAt}
        onClose={() => setOpened(undefined)}
      />
    </>
  );
}

function Marks({ message }: { message: PeekedMessage }) {
  return (
    <span className="inline-flex gap-1">
      {message.redelivered && (
        <Badge tone="warn" hint="It was delivered before and came back">
          again
        </Badge>
      )}
      {message.deaths.length > 0 && (
        <Badge
          tone="danger"
          hint={`It has died: ${message.deaths.map((death) => `${death.reason} in ${death.queue}`).join(', ')}`}
        >
          died
        </Badge>
      )}
      {message.properties.deliveryMode === 2 && <Badge hint="Persistent">P</Badge>}
    </span>
  );
}

function NothingReady({
  ready,
  unacked,
  behind,
  onHead,
}: {
  ready: number;
  unacked: number;
  behind: boolean;
  onHead: () => void;
}) {
  if (behind)
    return (
      <EmptyState
        icon={Inbox}
        title="Nothing here any more"
        actions={<Button onClick={onHead}>Back to the head</Button>}
      >
        The messages of this page have been taken; {formatCount(ready)} are ready.
      </EmptyState>
    );
  return (
    <EmptyState icon={Inbox} title="No message is ready">
      {unacked > 0
        ? `${plural(unacked, 'message')} at consumers: they come back here if a consumer dies or gives them back.`
        : 'What is published to this queue shows here until a consumer takes it.'}
    </EmptyState>
  );
}

function MessageDrawer({
  vhost,
  queue,
  position,
  nowMs,
  onClose,
}: {
  vhost: string;
  queue: string;
  position: string | undefined;
  nowMs: number;
  onClose: () => void;
}) {
  const message = useQuery({ ...messageQuery(vhost, queue, position ?? ''), enabled: position !== undefined });
  return (
    <Dialog
      open={position !== undefined}
      onClose={onClose}
      layout="drawer"
      title="Message"
      description={`Ready in queue ${queue}`}
    >
      {message.isError ? (
        <ErrorNote>{reasonOf(message.error)}</ErrorNote>
      ) : message.data === undefined ? (
        <SkeletonRows rows={6} />
      ) : (
        <MessageDetail message={message.data} nowMs={nowMs} />
      )}
    </Dialog>
  );
}
