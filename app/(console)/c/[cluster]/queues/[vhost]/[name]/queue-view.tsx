'use client';
import { Send } from 'lucide-react';
import * as z from 'zod/mini';
import { DetailPage } from '@/components/kit/detail-page.tsx';
import { Offered } from '@/components/kit/offered.tsx';
import { ConsumerTable } from '@/components/queues/consumer-table.tsx';
import { FeatureBadges } from '@/components/queues/feature-badges.tsx';
import { PauseButton } from '@/components/queues/pause-button.tsx';
import { StateBadges } from '@/components/queues/state-badges.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { Tabs } from '@/components/ui/tabs.tsx';
import { paths } from '@/lib/client/paths.ts';
import { type QueueDetail, queueQuery } from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { urlChoice, useUrlState } from '@/lib/client/url-state.ts';
import { QueueBindings } from './queue-bindings.tsx';
import { QueueDanger } from './queue-danger.tsx';
import { QueueMessages } from './queue-messages.tsx';
import { QueueOverview } from './queue-overview.tsx';

const SCHEMA = z.object({ tab: urlChoice(['overview', 'messages', 'consumers', 'bindings'], 'overview') });

export function QueueView({ vhost, name }: { vhost: string; name: string }) {
  const query = useLiveQuery(queueQuery(vhost, name));
  return (
    <DetailPage
      title={name}
      parent={{ label: 'Queues', href: paths.queues }}
      noun="queue"
      query={query}
      badges={(queue) => (
        <>
          <StateBadges queue={queue} />
          <FeatureBadges queue={queue} />
        </>
      )}
      actions={(queue) => (
        <>
          <ButtonLink href={paths.publishTo({ vhost, exchange: '', routingKey: name })}>
            <Send aria-hidden />
            Publish to it
          </ButtonLink>
          <Offered by="pause">
            <PauseButton queue={queue} />
          </Offered>
          <QueueDanger queue={queue} />
        </>
      )}
    >
      {(queue) => (
        <>
          {queue.closedReason !== null && (
            <div className="mb-4">
              <ErrorNote title="This queue is closed: its messages cannot be read">
                {queue.closedReason}. Save its files, then delete the queue and declare it anew.
              </ErrorNote>
            </div>
          )}
          <QueueTabs queue={queue} nowMs={query.dataUpdatedAt} />
        </>
      )}
    </DetailPage>
  );
}

function QueueTabs({ queue, nowMs }: { queue: QueueDetail; nowMs: number }) {
  const [{ tab }, change] = useUrlState(SCHEMA);
  return (
    <Tabs
      value={tab}
      onChange={(next) => change({ tab: next })}
      tabs={[
        { value: 'overview', label: 'Overview', content: () => <QueueOverview queue={queue} nowMs={nowMs} /> },
        {
          value: 'messages',
          label: 'Messages',
          count: queue.ready,
          content: () => (
            <Offered by="browse" title="Ready messages">
              <QueueMessages queue={queue} />
            </Offered>
          ),
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
  );
}
