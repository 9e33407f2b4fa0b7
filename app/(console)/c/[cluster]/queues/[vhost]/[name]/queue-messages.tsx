'use client';
import { useQuery } from '@tanstack/react-query';
import { Eye, Inbox } from 'lucide-react';
import { ColumnMenu } from '@/components/kit/column-menu.tsx';
import { Drawer } from '@/components/kit/drawer.tsx';
import { Loaded } from '@/components/kit/loaded.tsx';
import { Limit, Offered, useLack } from '@/components/kit/offered.tsx';
import { Table } from '@/components/kit/table.tsx';
import { MESSAGE_COLUMNS } from '@/components/messages/message-columns.tsx';
import { MessageDetail } from '@/components/messages/message-detail.tsx';
import { MessageFilterBar } from '@/components/messages/message-filter-bar.tsx';
import { MessageTurns, NoMessages, useMessageList } from '@/components/messages/message-list.tsx';
import { SearchNote } from '@/components/messages/search-note.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SearchInput } from '@/components/ui/search-input.tsx';
import { plural } from '@/lib/client/formats.ts';
import { messagePageQuery, messageQuery, type PeekedMessage } from '@/lib/client/messages.ts';
import type { QueueDetail } from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';

const keyOf = ({ position }: PeekedMessage) => position;

/** Looks at what is ready, from the head on; nothing is taken, requeued or counted as delivered. */
export function QueueMessages({ queue }: { queue: QueueDetail }) {
  const { vhost, name, unacked } = queue;
  const list = useMessageList();
  const { filter, searching, opened, hide } = list;
  const canOpen = useLack('positions') === undefined;
  // A search may look through a million messages: it is asked again less often.
  const query = useLiveQuery(messagePageQuery(vhost, name, list.from, filter), searching ? 10 : 2);
  return (
    <>
      <Panel
        flush
        title="Ready messages"
        note={
          <span className="inline-flex items-center gap-1.5">
            <Eye className="size-3.5" aria-hidden />
            <Limit of="browse">Looking takes nothing: no message is delivered, requeued or marked.</Limit>
            {unacked > 0 && ` ${plural(unacked, 'message')} at consumers cannot be seen.`}
          </span>
        }
        actions={
          <>
            <SearchInput
              label="Containing text"
              value={filter.containing ?? ''}
              onChange={(containing) => list.look({ containing })}
            />
            <ColumnMenu columns={MESSAGE_COLUMNS} hidden={hide} onHidden={(next) => list.change({ hide: next })} />
            <Offered by="positions">
              <MessageTurns list={list} next={query.data?.next ?? null} />
            </Offered>
          </>
        }
      >
        <MessageFilterBar filter={filter} onChange={list.look} />
        <Loaded query={query} noun="messages" flush>
          {(page) => (
            <>
              {searching && <SearchNote page={page} />}
              <Table
                label="Ready messages"
                columns={MESSAGE_COLUMNS}
                rows={page.messages}
                rowKey={keyOf}
                nowMs={query.dataUpdatedAt}
                question={list.question}
                hidden={hide}
                onOpen={canOpen ? (message) => list.change({ opened: message.position }) : undefined}
                isSelected={(message) => message.position === opened}
                empty={
                  <NoMessages list={list} ready={queue.ready}>
                    <NothingReady unacked={unacked} isSearch={list.searching} />
                  </NoMessages>
                }
              />
            </>
          )}
        </Loaded>
      </Panel>
      <MessageDrawer
        vhost={vhost}
        queue={name}
        keys={query.data?.messages.map(keyOf) ?? []}
        opened={canOpen ? opened : ''}
        nowMs={query.dataUpdatedAt}
        onOpen={(next) => list.change({ opened: next })}
      />
    </>
  );
}

function NothingReady({ unacked, isSearch }: { unacked: number; isSearch: boolean }) {
  if (isSearch)
    return (
      <EmptyState icon={Inbox} title="No such message">
        A text is looked for, as it is written, in exchange, routing key, properties and body.
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
  keys,
  opened,
  nowMs,
  onOpen,
}: {
  vhost: string;
  queue: string;
  keys: readonly string[];
  opened: string;
  nowMs: number;
  onOpen: (position: string) => void;
}) {
  const query = useQuery({ ...messageQuery(vhost, queue, opened), enabled: opened !== '' });
  return (
    <Drawer
      keys={keys}
      opened={opened}
      noun="message"
      onOpen={onOpen}
      title="Message"
      description={`Ready in queue ${queue}`}
    >
      <Loaded query={query} noun="message" flush absentActions={null}>
        {(message) => <MessageDetail message={message} nowMs={nowMs} />}
      </Loaded>
    </Drawer>
  );
}
