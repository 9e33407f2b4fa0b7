'use client';
import { useQueryClient } from '@tanstack/react-query';
import { Fragment } from 'react';
import * as z from 'zod/mini';
import type { FigureChart } from '@/components/charts/figure-charts.ts';
import { TimeChart } from '@/components/charts/time-chart.tsx';
import { ReadFailure, shownOf } from '@/components/kit/loaded.tsx';
import { Offered } from '@/components/kit/offered.tsx';
import { cn } from '@/components/ui/cn.ts';
import { Segmented } from '@/components/ui/segmented.tsx';
import { formatClock } from '@/lib/client/formats.ts';
import { type HistoryOf, historyQuery, RANGES, type Range, rangesOf } from '@/lib/client/history.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { urlChoice, useUrlState } from '@/lib/client/url-state.ts';

const SCHEMA = z.object({ range: urlChoice(Object.keys(RANGES) as Range[], '5m') });

/** Three stand beside each other, or two above one that is as wide as both. */
const LAST_IN_A_ROW = '2xl:grid-cols-3 xl:max-2xl:[&>*:last-child:nth-child(odd)]:col-span-2';

/** What is now, by the names of the lines. */
export interface ChartNow {
  atMs: number;
  values: Readonly<Record<string, number>>;
}

/** Charts of one history side by side, over the time range that the URL names. They end with `now`. */
export function HistoryCharts({
  of,
  charts,
  now,
}: {
  of: HistoryOf;
  charts: readonly FigureChart[];
  now: ChartNow | undefined;
}) {
  const [state, change] = useUrlState(SCHEMA);
  const ranges = rangesOf(of);
  const range = ranges.includes(state.range) ? state.range : '5m';
  const client = useQueryClient();
  const history = useLiveQuery(historyQuery(client, of, range));
  const shown = shownOf(history);
  return (
    <section className="mb-4" aria-label="Charts">
      <div className="mb-2 flex items-center justify-end gap-2">
        <span className="text-muted text-xs">Last</span>
        <Segmented
          label="Time range of the charts"
          value={range}
          options={ranges.map((value) => ({ value, label: value.replace('m', ' min').replace('h', ' h') }))}
          onChange={(next) => change({ range: next })}
        />
      </div>
      {history.error !== null && (
        <div className="mb-3">
          <ReadFailure query={history} noun="history" />
        </div>
      )}
      {(shown !== undefined || history.error === null) && (
        <div className={cn('grid gap-4', charts.length > 1 && 'xl:grid-cols-2', charts.length > 2 && LAST_IN_A_ROW)}>
          {charts.map((chart) => {
            const drawn = (
              <TimeChart {...chart} columns={shown} now={now} spanMs={RANGES[range]} formatTime={formatClock} />
            );
            return (
              <Fragment key={chart.title}>
                {chart.kind === 'lines' ? (
                  <Offered by="rates" title={chart.title}>
                    {drawn}
                  </Offered>
                ) : (
                  drawn
                )}
              </Fragment>
            );
          })}
        </div>
      )}
    </section>
  );
}
