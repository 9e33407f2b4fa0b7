'use client';
import { LINES } from '@/components/charts/flow-lines.ts';
import { ActivityList } from '@/components/overview/activity-list.tsx';
import { BrokerFacts } from '@/components/overview/broker-facts.tsx';
import { FirstSteps } from '@/components/overview/first-steps.tsx';
import { LargestQueues } from '@/components/overview/largest-queues.tsx';
import { OrphanNote } from '@/components/overview/orphan-note.tsx';
import { ProblemList } from '@/components/overview/problem-list.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Stat, StatGrid } from '@/components/ui/stat.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { formatCount, formatRate, plural } from '@/lib/client/formats.ts';
import { activityQuery, type OverviewPage, overviewQuery } from '@/lib/client/overview.ts';
import { paths } from '@/lib/client/paths.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { useShowVhost } from '@/lib/client/several-vhosts.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';
import { type HistoryChart, HistoryCharts } from './history-charts.tsx';

const CHARTS: readonly HistoryChart[] = [
  { title: 'Backlog', unit: 'messages', kind: 'areas', lines: [LINES.ready, LINES.unacked] },
  {
    title: 'Rates',
    unit: 'messages per second',
    kind: 'lines',
    lines: [LINES.published, LINES.delivered, LINES.acked, LINES.deadLettered],
  },
];

export function OverviewView() {
  const [vhost] = useVhostFilter();
  const showVhost = useShowVhost(vhost);
  const page = useLiveQuery(overviewQuery(vhost));
  const activity = useLiveQuery(activityQuery(), 5);
  return (
    <>
      <PageHeader title="Overview" />
      {page.isError && page.data === undefined && (
        <ErrorNote title="The overview could not be read">{reasonOf(page.error)}</ErrorNote>
      )}
      {page.data === undefined ? (
        !page.isError && <OverviewSkeleton />
      ) : (
        <>
          {page.data.overview.totals.queues === 0 ? (
            <FirstSteps address={amqpAddress(page.data)} />
          ) : (
            <ProblemList problems={page.data.problems} question={vhost ?? ''} />
          )}
          {page.data.orphaned !== null && <OrphanNote orphaned={page.data.orphaned} />}
          {vhost !== undefined && (
            <p className="mb-2 text-muted text-xs">
              Totals and charts are of the whole node; dead letters, problems and largest queues of vhost{' '}
              <span className="font-mono">{vhost}</span>.
            </p>
          )}
          <Totals page={page.data} />
        </>
      )}
      <HistoryCharts of={{ scope: 'totals' }} charts={CHARTS} />
      {page.data !== undefined && (
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <div className="grid min-w-0 gap-4">
            <Panel
              title="Largest queues"
              flush
              actions={
                <ButtonLink size="small" href={paths.queues}>
                  All queues
                </ButtonLink>
              }
            >
              <LargestQueues rows={page.data.largest} nowMs={page.data.overview.nowMs} question={vhost ?? ''} />
            </Panel>
            <BrokerFacts overview={page.data.overview} address={amqpAddress(page.data)} />
          </div>
          <Panel title="Recent activity" note="through this console" flush>
            {activity.isError ? (
              <div className="p-3">
                <ErrorNote>{reasonOf(activity.error)}</ErrorNote>
              </div>
            ) : (
              <ActivityList acts={activity.data?.acts ?? []} nowMs={page.data.overview.nowMs} showVhost={showVhost} />
            )}
          </Panel>
        </div>
      )}
    </>
  );
}

/** As seen from where this page is read. */
function amqpAddress({ overview }: OverviewPage): string {
  return `amqp://${window.location.hostname}:${overview.amqpPort}`;
}

function Totals({ page: { overview, rates, deadLetters } }: { page: OverviewPage }) {
  const { totals, blockedConnections } = overview;
  return (
    <StatGrid label="Totals">
      <Stat label="Ready" value={formatCount(totals.ready)} note="waiting" />
      <Stat label="Unacked" value={formatCount(totals.unacked)} note="at consumers" />
      <Stat label="In" value={formatRate(rates?.published)} unit="/s" note="published" />
      <Stat
        label="Delivered"
        value={formatRate(rates?.delivered)}
        unit="/s"
        note={`${formatRate(rates?.redelivered)}/s again`}
      />
      <Stat label="Acked" value={formatRate(rates?.acked)} unit="/s" note="done" />
      <Stat
        label="Dead letters"
        value={formatCount(deadLetters)}
        tone={deadLetters > 0 ? 'warn' : 'neutral'}
        note={`${formatRate(rates?.deadLettered)}/s dying`}
      />
      <Stat
        label="Connections"
        value={formatCount(totals.connections)}
        tone={blockedConnections > 0 ? 'danger' : 'neutral'}
        note={
          blockedConnections > 0 ? `${formatCount(blockedConnections)} blocked` : plural(totals.channels, 'channel')
        }
      />
      <Stat label="Consumers" value={formatCount(totals.consumers)} note={`on ${plural(totals.queues, 'queue')}`} />
    </StatGrid>
  );
}

function OverviewSkeleton() {
  return (
    <>
      <Skeleton className="mb-4 h-10 rounded-lg" />
      <Skeleton className="mb-4 h-[76px] rounded-lg" />
    </>
  );
}
