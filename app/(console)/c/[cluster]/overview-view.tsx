'use client';
import { TOTALS_CHARTS } from '@/components/charts/figure-charts.ts';
import { Loaded, shownOf } from '@/components/kit/loaded.tsx';
import { OfferedStat } from '@/components/kit/offered.tsx';
import { ActivityList } from '@/components/overview/activity-list.tsx';
import { BrokerFacts } from '@/components/overview/broker-facts.tsx';
import { FirstSteps } from '@/components/overview/first-steps.tsx';
import { LargestQueues } from '@/components/overview/largest-queues.tsx';
import { OrphanNote } from '@/components/overview/orphan-note.tsx';
import { ProblemList } from '@/components/overview/problem-list.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Stat, StatGrid } from '@/components/ui/stat.tsx';
import { formatCount, formatRate, plural } from '@/lib/client/formats.ts';
import { activityQuery, type Figures, type OverviewPage, overviewQuery } from '@/lib/client/overview.ts';
import { paths } from '@/lib/client/paths.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { useShowVhost } from '@/lib/client/several-vhosts.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';
import { type ChartNow, HistoryCharts } from './history-charts.tsx';

export function OverviewView() {
  const [vhost] = useVhostFilter();
  const showVhost = useShowVhost(vhost);
  const page = useLiveQuery(overviewQuery(vhost));
  const shown = shownOf(page);
  const activity = useLiveQuery(activityQuery(), 5);
  return (
    <>
      <PageHeader title="Overview" />
      <Loaded query={page} noun="overview" skeleton={<OverviewSkeleton />}>
        {(all) => (
          <>
            {all.figures.queues === 0 ? (
              <FirstSteps address={amqpAddress(all)} />
            ) : (
              <ProblemList problems={all.problems} question={vhost ?? ''} />
            )}
            {all.orphaned !== null && <OrphanNote orphaned={all.orphaned} />}
            <Totals page={all} />
          </>
        )}
      </Loaded>
      <HistoryCharts of={{ scope: 'totals', vhost }} charts={TOTALS_CHARTS} now={shown && nowOf(shown.figures)} />
      {shown !== undefined && (
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
              <LargestQueues rows={shown.largest} nowMs={shown.figures.atMs} question={vhost ?? ''} />
            </Panel>
            <BrokerFacts page={shown} address={amqpAddress(shown)} />
          </div>
          <Panel title="Recent activity" note="through this console" flush>
            <Loaded query={activity} noun="activity" flush>
              {({ acts }) => <ActivityList acts={acts} nowMs={shown.figures.atMs} showVhost={showVhost} />}
            </Loaded>
          </Panel>
        </div>
      )}
    </>
  );
}

/** The AMQP address as seen from where this page is read. */
function amqpAddress({ broker }: OverviewPage): string {
  return `amqp://${window.location.hostname}:${broker.amqpPort}`;
}

/** The end of the charts: what the numbers above them say. */
function nowOf({ atMs, ready, unacked, rates }: Figures): ChartNow {
  return { atMs, values: { ready, unacked, ...rates } };
}

function Totals({ page: { figures, node, deadLetters } }: { page: OverviewPage }) {
  const { ready, unacked, rates, connections, channels, clients, consumers, queues } = figures;
  const blocked = node?.blockedConnections ?? 0;
  return (
    <StatGrid label="Totals">
      <Stat label="Ready" value={formatCount(ready)} note="waiting" />
      <Stat label="Unacked" value={formatCount(unacked)} note="at consumers" />
      <OfferedStat by="rates" label="In" value={formatRate(rates?.published)} unit="/s" note="published" />
      <OfferedStat
        by="rates"
        label="Delivered"
        value={formatRate(rates?.delivered)}
        unit="/s"
        note={`${formatRate(rates?.redelivered)}/s again`}
      />
      <OfferedStat by="rates" label="Acked" value={formatRate(rates?.acked)} unit="/s" note="done" />
      <Stat
        label="Dead letters"
        value={formatCount(deadLetters)}
        tone={deadLetters > 0 ? 'warn' : 'neutral'}
        note={`${formatRate(rates?.deadLettered)}/s dying`}
      />
      <Stat
        label={clients === 'all' ? 'Connections' : 'Your connections'}
        value={formatCount(connections)}
        tone={blocked > 0 ? 'danger' : 'neutral'}
        note={blocked > 0 ? `${formatCount(blocked)} blocked` : plural(channels, 'channel')}
      />
      <Stat label="Consumers" value={formatCount(consumers)} note={`on ${plural(queues, 'queue')}`} />
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
