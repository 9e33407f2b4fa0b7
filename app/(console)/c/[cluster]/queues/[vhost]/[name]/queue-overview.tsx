'use client';
import { QUEUE_CHARTS } from '@/components/charts/figure-charts.ts';
import { OfferedStat } from '@/components/kit/offered.tsx';
import { DeadLetterLinks, QueueCounts, QueueFacts } from '@/components/queues/queue-facts.tsx';
import { Stat, StatGrid } from '@/components/ui/stat.tsx';
import { formatAge, formatCount, formatRate } from '@/lib/client/formats.ts';
import type { QueueDetail } from '@/lib/client/queues.ts';
import { trendText } from '@/lib/client/trend-text.ts';
import { HistoryCharts } from '../../../history-charts.tsx';

export function QueueOverview({ queue, nowMs }: { queue: QueueDetail; nowMs: number }) {
  const { rates } = queue;
  const isStream = queue.stream !== null;
  const unconsumed = !isStream && queue.ready > 0 && queue.consumers === 0;
  return (
    <>
      <StatGrid label="Now">
        {queue.stream === null ? (
          <Stat
            label="Ready"
            value={formatCount(queue.ready)}
            tone={queue.trend.kind === 'stuck' ? 'warn' : 'neutral'}
            note={queue.isPaused ? 'paused' : trendText(queue.trend)}
          />
        ) : (
          <Stat
            label="Kept"
            value={formatCount(queue.ready)}
            note={`next offset ${formatCount(queue.stream.nextOffset)}`}
          />
        )}
        <Stat label="Unacked" value={formatCount(queue.unacked)} note={isStream ? 'credit in use' : 'at consumers'} />
        <OfferedStat
          by="rates"
          label="In"
          value={formatRate(rates?.published)}
          unit="/s"
          note={`${formatRate(rates?.deadLettersIn)}/s dead letters`}
        />
        <OfferedStat
          by="rates"
          label="Delivered"
          value={formatRate(rates?.delivered)}
          unit="/s"
          note={`${formatRate(rates?.redelivered)}/s again`}
        />
        <OfferedStat by="rates" label="Acked" value={formatRate(rates?.acked)} unit="/s" note="done" />
        <OfferedStat
          by="oldestAge"
          label="Oldest"
          value={formatAge(queue.oldestReadyAtMs, nowMs)}
          note={isStream ? 'kept message' : 'ready message'}
        />
        <Stat
          label="Consumers"
          value={formatCount(queue.consumers)}
          tone={unconsumed ? 'warn' : 'neutral'}
          note={unconsumed ? 'nobody takes them' : ' '}
        />
      </StatGrid>
      <HistoryCharts
        of={{ scope: 'queue', vhost: queue.vhost, name: queue.name }}
        charts={QUEUE_CHARTS}
        now={{ atMs: queue.atMs, values: { ready: queue.ready, unacked: queue.unacked, ...rates } }}
      />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <QueueFacts queue={queue} nowMs={nowMs} />
        <div className="grid gap-4">
          {!isStream && <DeadLetterLinks queue={queue} />}
          <QueueCounts queue={queue} />
        </div>
      </div>
    </>
  );
}
