'use client';
import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Inbox, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { DeadLetterTable } from '@/components/dead-letters/dead-letter-table.tsx';
import { ReplayDialog } from '@/components/dead-letters/replay-dialog.tsx';
import { NO_OPTIONS, type ReplayOptions, type ReplayScope } from '@/components/dead-letters/replay-form.tsx';
import { MessageFilterBar } from '@/components/messages/message-filter-bar.tsx';
import { SearchNote } from '@/components/messages/search-note.tsx';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import {
  type DeadLetter,
  deadLetterPageQuery,
  type ReplayRequest,
  replayPlanQuery,
  useReplay,
} from '@/lib/client/dead-letters.ts';
import { formatCount, plural } from '@/lib/client/formats.ts';
import { isFiltered, type MessageFilter, useMessageFilter } from '@/lib/client/message-filter.ts';
import { type QueueRow, queueNamesQuery } from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { DeadLetterDrawer } from './dead-letter-drawer.tsx';

const NONE: ReadonlySet<string> = new Set();
const STREAM =
  'This queue is a stream: nothing is ever taken out of one, so a replay would leave a second copy behind. It can be read, but not replayed.';

export function DeadLetterMessages({ queue }: { queue: QueueRow }) {
  const { vhost, name } = queue;
  const [cursors, setCursors] = useState<string[]>([]);
  const [selected, setSelected] = useState(NONE);
  const [opened, setOpened] = useState<string>();
  const [scope, setScope] = useState<ReplayScope>();
  const [options, setOptions] = useState(NO_OPTIONS);
  const from = cursors.at(-1);
  const [filter, changeFilter] = useMessageFilter();
  const searching = isFiltered(filter);
  const page = useLiveQuery(deadLetterPageQuery(vhost, name, from, filter), searching ? 10 : 2);
  const rows = page.data?.messages ?? [];
  const queues = useQuery(queueNamesQuery(vhost, options.target)).data ?? [];
  const replay = useReplay();
  const request = scope && requestOf(queue, scope, filter, options);
  const plan = useQuery(replayPlanQuery(replay.isPending || replay.isSuccess ? undefined : request));
  const isStream = queue.type === 'stream';
  const chosen = rows.filter((row) => selected.has(row.position));

  const turn = (next: string[]) => {
    setCursors(next);
    setSelected(NONE);
  };
  const select = (messages: readonly DeadLetter[], on: boolean) =>
    setSelected((before) => {
      const positions = new Set(messages.map(({ position }) => position));
      return on ? before.union(positions) : before.difference(positions);
    });
  const open = (next: ReplayScope) => {
    setOptions(NO_OPTIONS);
    setScope(next);
  };
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
            <Button
              disabled={chosen.length === 0 || isStream}
              title={isStream ? STREAM : chosen.length === 0 ? 'Select messages first' : undefined}
              onClick={() => open({ kind: 'messages', positions: chosen.map(({ position }) => position) })}
            >
              <RotateCcw aria-hidden />
              Replay selected{chosen.length > 0 && ` (${chosen.length})`}
            </Button>
            <Button
              kind="primary"
              disabled={queue.ready === 0 || isStream}
              title={isStream ? STREAM : undefined}
              onClick={() => open({ kind: 'all', searching })}
            >
              <RotateCcw aria-hidden />
              {searching ? 'Replay all found' : 'Replay all'}
            </Button>
            <Button
              kind="quiet"
              size="icon"
              aria-label="Nearer to the head"
              disabled={cursors.length === 0}
              onClick={() => turn(cursors.slice(0, -1))}
            >
              <ChevronLeft aria-hidden />
            </Button>
            <Button
              kind="quiet"
              size="icon"
              aria-label="Further from the head"
              disabled={(page.data?.next ?? null) === null}
              onClick={() => page.data?.next && turn([...cursors, page.data.next])}
            >
              <ChevronRight aria-hidden />
            </Button>
          </>
        }
      >
        <MessageFilterBar
          withText
          filter={filter}
          onChange={(changes) => {
            turn([]);
            changeFilter(changes);
          }}
        />
        {isStream && <p className="border-line border-b px-3 py-2 text-muted">{STREAM}</p>}
        {searching && page.data !== undefined && <SearchNote page={page.data} />}
        {page.isError && (
          <div className="p-3">
            <ErrorNote title="The messages could not be read">{reasonOf(page.error)}</ErrorNote>
          </div>
        )}
        {page.data === undefined ? (
          !page.isError && <SkeletonRows rows={5} />
        ) : (
          <DeadLetterTable
            rows={rows}
            nowMs={page.dataUpdatedAt}
            question={`${JSON.stringify(filter)} ${from ?? ''}`}
            selected={selected}
            opened={opened}
            onSelect={select}
            onOpen={(message) => setOpened(message.position)}
            replayRefusal={isStream ? STREAM : undefined}
            onReplay={openOne}
            empty={
              searching ? (
                <EmptyState icon={Inbox} title="No such dead letter" />
              ) : (
                <EmptyState icon={Inbox} title="No dead letters here now">
                  What dies next shows here by itself.
                </EmptyState>
              )
            }
          />
        )}
      </Panel>
      <DeadLetterDrawer
        vhost={vhost}
        queue={name}
        position={opened}
        nowMs={page.dataUpdatedAt}
        onClose={() => setOpened(undefined)}
        replayRefusal={isStream ? STREAM : undefined}
        onReplay={(message) => {
          setOpened(undefined);
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
        onReplay={() => request && replay.mutate(request, { onSuccess: () => turn([]) })}
      />
    </>
  );
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
