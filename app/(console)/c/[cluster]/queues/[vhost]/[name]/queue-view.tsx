'use client';
import { Rows3, Send } from 'lucide-react';
import { ConsumerTable } from '@/components/queues/consumer-table.tsx';
import { FeatureBadges } from '@/components/queues/feature-badges.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { Tabs } from '@/components/ui/tabs.tsx';
import { ApiError, reasonOf } from '@/lib/client/api.ts';
import { paths } from '@/lib/client/paths.ts';
import { queueQuery } from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { oneOf, useUrlState } from '@/lib/client/url-state.ts';
import { QueueBindings } from './queue-bindings.tsx';
import { QueueDanger } from './queue-danger.tsx';
import { QueueMessages } from './queue-messages.tsx';
import { QueueOverview } from './queue-overview.tsx';

const TABS = ['overview', 'messages', 'consumers', 'bindings'] as const;

export function QueueView({ vhost, name }: { vhost: string; name: string }) {
  const [search, change] = useUrlState();
  const tab = oneOf(search.get('tab'), TABS, 'overview');
  const query = useLiveQuery(queueQuery(vhost, name));
  const queue = query.data;
  const gone = query.error instanceof ApiError && query.error.code === 'NOT_FOUND';

  return (
    <>
      <PageHeader
        title={name}
        parent={{ label: 'Queues', href: paths.queues }}
        badges={queue && !gone && <FeatureBadges queue={queue} />}
        actions={
          queue &&
          !gone && (
            <>
              <ButtonLink href={paths.publishTo({ vhost, exchange: '', routingKey: name })}>
                <Send aria-hidden />
                Publish to it
              </ButtonLink>
              <QueueDanger queue={queue} />
            </>
          )
        }
      />
      {query.isError && !gone && (
        <div className="mb-4">
          <ErrorNote title="The queue could not be read">{reasonOf(query.error)}</ErrorNote>
        </div>
      )}
      {queue?.closedReason != null && (
        <div className="mb-4">
          <ErrorNote title="This queue is closed: its messages cannot be read">
            {queue.closedReason}. Save its files, then delete the queue and declare it anew.
          </ErrorNote>
        </div>
      )}
      {gone ? (
        <Panel>
          <EmptyState
            icon={Rows3}
            title="There is no such queue"
            actions={<ButtonLink href={paths.queues}>All queues</ButtonLink>}
          >
            {reasonOf(query.error)}
          </EmptyState>
        </Panel>
      ) : queue === undefined ? (
        !query.isError && <SkeletonRows rows={6} />
      ) : (
        <Tabs
          value={tab}
          onChange={(next) => change({ tab: next === 'overview' ? undefined : next })}
          tabs={[
            {
              value: 'overview',
              label: 'Overview',
              content: () => <QueueOverview queue={queue} nowMs={query.dataUpdatedAt} />,
            },
            {
              value: 'messages',
              label: 'Messages',
              count: queue.ready,
              content: () => <QueueMessages vhost={vhost} name={name} ready={queue.ready} unacked={queue.unacked} />,
            },
            {
              value: 'consumers',
              label: 'Consumers',
              count: queue.consumers,
              content: () => (
                <Panel flush>
                  <ConsumerTable consumers={queue.consumerList} ready={queue.ready} />
                </Panel>
              ),
            },
            {
              value: 'bindings',
              label: 'Bindings',
              count: queue.bindingCount,
              content: () => <QueueBindings queue={queue} />,
            },
          ]}
        />
      )}
    </>
  );
}
