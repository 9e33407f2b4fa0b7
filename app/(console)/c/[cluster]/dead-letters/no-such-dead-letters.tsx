'use client';
import { SearchX } from 'lucide-react';
import { Loaded } from '@/components/kit/loaded.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { isAbsent, reasonOf } from '@/lib/client/api.ts';
import { plural } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';
import { queueQuery } from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';

/** The address names a queue that is not among those with dead letters: says why, and shows no other in its place. */
export function NoSuchDeadLetters({
  name,
  vhost,
  shownVhost,
}: {
  name: string;
  /** Null: the address does not say. */
  vhost: string | null;
  /** The lists show this vhost only; undefined: all. */
  shownVhost: string | undefined;
}) {
  const query = useLiveQuery({ ...queueQuery(vhost ?? '', name), enabled: vhost !== null });
  return (
    <Panel>
      {vhost === null ? (
        <EmptyState icon={SearchX} title={`Which queue ${name}?`}>
          The address of this page names no vhost, and not exactly one of the queues listed here has that name.
        </EmptyState>
      ) : isAbsent(query.error) ? (
        <EmptyState icon={SearchX} title={`There is no queue ${name}`}>
          {reasonOf(query.error)}
        </EmptyState>
      ) : (
        <Loaded query={query} noun="queue" skeletonRows={2} flush>
          {(queue) =>
            shownVhost !== undefined && shownVhost !== vhost ? (
              <EmptyState icon={SearchX} title={`${name} is in vhost ${vhost}`}>
                The list shows vhost {shownVhost} only: choose {vhost} or all vhosts above to see its dead letters.
              </EmptyState>
            ) : (
              <EmptyState
                icon={SearchX}
                title={`${name} is no queue of dead letters`}
                actions={<ButtonLink href={paths.queue(vhost, name, 'messages')}>Its messages</ButtonLink>}
              >
                No queue sends its dead letters there now, and none has come since the broker was started. It holds{' '}
                {plural(queue.ready, 'ready message')}.
              </EmptyState>
            )
          }
        </Loaded>
      )}
    </Panel>
  );
}
