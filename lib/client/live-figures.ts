/** Puts the figures of ticks into the cached answers. Rows keep their order and number: only a list says those. */
import type { QueryClient } from '@tanstack/react-query';
import type { Tick } from '../console/event-reader.ts';
import type { ExchangePage } from '../console/exchanges.ts';
import type { OverviewPage } from './overview.ts';
import { placeKey } from './place-key.ts';
import type { QueuePage, QueueRow } from './queues.ts';

/** Puts a tick into the answers of `PUSHED_KEYS`. */
export function applyTick(client: QueryClient, tick: Tick): void {
  const queues = new Map(tick.queues.map(({ vhost, name, ...figures }) => [placeKey({ vhost, name }), figures]));
  const exchanges = new Map(tick.exchanges.map(({ vhost, name, rates }) => [placeKey({ vhost, name }), { rates }]));
  const updated = <T extends { vhost: string; name: string }>(rows: T[], figures: Map<string, Partial<T>>): T[] =>
    rows.some(({ vhost, name }) => figures.has(placeKey({ vhost, name })))
      ? rows.map((row) => ({ ...row, ...figures.get(placeKey(row)) }))
      : rows;
  const queueRows = (rows: QueueRow[]): QueueRow[] => updated(rows, queues);
  client.setQueriesData<OverviewPage>(cachedUnder('overview', 'all'), (page) =>
    page === undefined
      ? undefined
      : {
          ...page,
          figures: tick.figures,
          node: tick.node,
          deadLetters: tick.deadLetters,
          problems: tick.problems,
          largest: queueRows(page.largest),
        },
  );
  client.setQueriesData<QueuePage>(
    cachedUnder('queues', 'list'),
    (page) => page && { ...page, rows: queueRows(page.rows) },
  );
  client.setQueriesData<ExchangePage>(
    cachedUnder('exchanges', 'list'),
    (page) => page && { ...page, rows: updated(page.rows, exchanges) },
  );
}

/** What failed to be renewed must not look as if it were new. */
function cachedUnder(...queryKey: string[]) {
  return { queryKey, predicate: ({ state }: { state: { status: string } }) => state.status === 'success' };
}
