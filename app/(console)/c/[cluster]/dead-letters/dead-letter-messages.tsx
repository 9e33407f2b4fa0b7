'use client';
import { useQuery } from '@tanstack/react-query';
import { Inbox, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { DEAD_LETTER_COLUMNS, replayColumn } from '@/components/dead-letters/dead-letter-columns.tsx';
import { ReplayDialog } from '@/components/dead-letters/replay-dialog.tsx';
import { NO_OPTIONS, type ReplayOptions, type ReplayScope } from '@/components/dead-letters/replay-form.tsx';
import { ColumnMenu } from '@/components/kit/column-menu.tsx';
import { Loaded } from '@/components/kit/loaded.tsx';
import { Limit, Offered, useLack } from '@/components/kit/offered.tsx';
import { selectionColumn } from '@/components/kit/selection.tsx';
import { Table } from '@/components/kit/table.tsx';
import { MessageFilterBar } from '@/components/messages/message-filter-bar.tsx';
import { MessageTurns, NoMessages, useMessageList } from '@/components/messages/message-list.tsx';
import { SearchNote } from '@/components/messages/search-note.tsx';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import {
  type DeadLetter,
  deadLetterPageQuery,
  type ReplayRequest,
  replayPlanQuery,
  useReplay,
} from '@/lib/client/dead-letters.ts';
import { formatCount, plural } from '@/lib/client/formats.ts';
import type { MessageFilter } from '@/lib/client/message-filter.ts';
import { type QueueRow, queueNamesQuery } from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { DeadLetterDrawer } from './dead-letter-drawer.tsx';

const keyOf = ({ position }: DeadLetter) => position;
const STREAM =
  'This queue is a stream: nothing is ever taken out of one, so a replay would leave a second copy behind. It can be read, but not replayed.';

export function DeadLetterMessages({ queue }: { queue: QueueRow }) {
  const { vhost, name } = queue;
  const list = useMessageList();
  const { filter, searching, selected, opened, hide } = list;
  const [scope, setScope] = useState<ReplayScope>();
  const [options, setOptions] = useState(NO_OPTIONS);
  const canBrowse = useLack('browse') === undefined;
  const canChoose = useLack('positions') === undefined;
  const canReplay = useLack('move') === undefined && canChoose;
  const pageQuery = { ...deadLetterPageQuery(vhost, name, list.from, filter), enabled: canBrowse };
  const page = useLiveQuery(pageQuery, searching ? 10 : 2);
  const rows = page.data?.messages ?? [];
  const queues = useQuery(queueNamesQuery(vhost, options.target)).data ?? [];
  const replay = useReplay();
  const request = scope && requestOf(queue, scope, filter, options);
  const plan = useQuery(replayPlanQuery(replay.isPending || replay.isSuccess ? undefined : request));
  const isStream = queue.type === 'stream';
  const chosen = rows.filter((row) => selected.includes(row.position));

  const open = (next: ReplayScope) => {
    setOptions(NO_OPTIONS);
    setScope(next);
  };
  const openMessage = (position: string) => list.change({ opened: position });
  const openOne = ({ position }: DeadLetter) => open({ kind: 'messages', positions: [position] });
  const close = () => {
    setScope(undefined);
    replay.reset();
  };

  return (
    <>
      <Panel
        flush
        title={<span className="break-all">{name}</span>}
        note={`${plural(queue.ready, 'ready message')}${queue.unacked > 0 ? `, ${formatCount(queue.unacked)} at consumers` : ''}`}
        actions={
          <>
            <Offered by="move">
              <Offered by="positions">
                <Button
                  disabled={chosen.length === 0 || isStream}
                  title={isStream ? STREAM : chosen.length === 0 ? 'Select messages first' : undefined}
                  onClick={() => open({ kind: 'messages', positions: chosen.map(({ position }) => position) })}
                >
                  <RotateCcw aria-hidden />
                  Replay selected{chosen.length > 0 && ` (${chosen.length})`}
                </Button>
              </Offered>
              <Button
                kind="primary"
                disabled={queue.ready === 0 || isStream}
                title={isStream ? STREAM : undefined}
                onClick={() => open({ kind: 'all', searching })}
              >
                <RotateCcw aria-hidden />
                {searching ? 'Replay all found' : 'Replay all'}
              </Button>
            </Offered>
            <ColumnMenu columns={DEAD_LETTER_COLUMNS} hidden={hide} onHidden={(next) => list.change({ hide: next })} />
            {canChoose && <MessageTurns list={list} next={page.data?.next ?? null} />}
          </>
        }
      >
        <MessageFilterBar withText filter={filter} onChange={list.look} />
        {isStream && <p className="border-line border-b px-3 py-2 text-muted">{STREAM}</p>}
        <Limits />
        <Offered by="browse" title="Messages">
          <Loaded query={page} noun="messages" skeletonRows={5} flush>
            {(shown) => (
              <>
                {searching && <SearchNote page={shown} />}
                <Table
                  label="Dead letters"
                  columns={
                    canReplay
                      ? [
                          selectionColumn(
                            keyOf,
                            (row) => `the message at ${row.position}`,
                            selected,
                            (next) => list.change({ selected: next }),
                          ),
                          ...DEAD_LETTER_COLUMNS,
                          replayColumn(isStream ? STREAM : undefined, openOne),
                        ]
                      : DEAD_LETTER_COLUMNS
                  }
                  rows={rows}
                  rowKey={keyOf}
                  nowMs={page.dataUpdatedAt}
                  question={list.question}
                  hidden={hide}
                  onOpen={canChoose ? (message) => openMessage(message.position) : undefined}
                  isSelected={({ position }) => selected.includes(position) || position === opened}
                  empty={
                    <NoMessages list={list} ready={queue.ready}>
                      {searching ? (
                        <EmptyState icon={Inbox} title="No such dead letter" />
                      ) : (
                        <EmptyState icon={Inbox} title="No dead letters here now">
                          What dies next shows here by itself.
                        </EmptyState>
                      )}
                    </NoMessages>
                  }
                />
              </>
            )}
          </Loaded>
        </Offered>
      </Panel>
      <DeadLetterDrawer
        vhost={vhost}
        queue={name}
        keys={rows.map(keyOf)}
        position={canChoose ? opened : ''}
        nowMs={page.dataUpdatedAt}
        onOpen={openMessage}
        replayRefusal={isStream ? STREAM : undefined}
        onReplay={(message) => {
          openMessage('');
          openOne(message);
        }}
      />
      <ReplayDialog
        scope={scope}
        vhost={vhost}
        queue={name}
        queues={queues}
        readyNow={queue.ready}
        options={options}
        plan={plan.data}
        planning={plan.isPlaceholderData}
        planError={plan.isError ? reasonOf(plan.error) : undefined}
        busy={replay.isPending}
        error={replay.isError ? reasonOf(replay.error) : undefined}
        result={replay.data}
        onOptions={(changes) => setOptions((before) => ({ ...before, ...changes }))}
        onClose={close}
        onReplay={() => request && replay.mutate(request, { onSuccess: () => list.turn([]) })}
      />
    </>
  );
}

/** What must be known of dead letters, and of a replay, on this broker. */
function Limits() {
  return (['deaths', 'move'] as const).map((of) => (
    <p key={of} className="border-line border-b px-3 py-2 text-muted empty:hidden">
      <Limit of={of} />
    </p>
  ));
}

function requestOf(
  { vhost, name: queue }: QueueRow,
  scope: ReplayScope,
  filter: MessageFilter,
  { target, ...options }: ReplayOptions,
): ReplayRequest {
  return {
    ...{ vhost, queue, ...options },
    ...(scope.kind === 'messages' && { positions: [...scope.positions] }),
    ...(scope.kind === 'all' && scope.searching && { filter }),
    ...(target !== '' && { target }),
  };
}
