import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { History } from '../metrics/history.ts';
import { ask } from './api.ts';

export type { History } from '../metrics/history.ts';

/** Totals without a vhost: of all that the user may see. */
export type HistoryOf =
  | { scope: 'totals'; vhost?: string | undefined }
  | { scope: 'queue' | 'exchange'; vhost: string; name: string };

export const RANGES = {
  '1m': 60_000,
  '5m': 300_000,
  '10m': 600_000,
  '1h': 3_600_000,
  '8h': 28_800_000,
  '24h': 86_400_000,
} as const;
export type Range = keyof typeof RANGES;

const HOUR_MS = 3_600_000;

/** The ranges that there is a history of: a day of vhosts, an hour of anything else. */
export function rangesOf({ scope }: HistoryOf): Range[] {
  const all = Object.keys(RANGES) as Range[];
  return scope === 'totals' ? all : all.filter((range) => RANGES[range] <= HOUR_MS);
}

const historyKeys = {
  of: (of: HistoryOf, range: Range) => ['history', of, range] as const,
};

/** Asks only for the points that are not there yet and puts them behind those that are. */
export function historyQuery(client: QueryClient, of: HistoryOf, range: Range) {
  const queryKey = historyKeys.of(of, range);
  return queryOptions({
    queryKey,
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<History>(queryKey);
      const spanMs = RANGES[range];
      const afterMs = known?.atMs.at(-1);
      const fresh = await ask('/history', { ...of, spanMs, afterMs }, signal);
      return known === undefined ? fresh : joined(known, fresh, spanMs);
    },
    // Sharing would compare thousands of numbers each second to find that they differ.
    structuralSharing: false,
  });
}

export function joined(known: History, fresh: History, spanMs: number): History {
  if (fresh.atMs.length === 0) return known;
  if (known.atMs.length === 0) return fresh;
  const fromMs = (fresh.atMs.at(-1) as number) - spanMs;
  const first = known.atMs.findIndex((atMs) => atMs > fromMs);
  const start = first === -1 ? known.atMs.length : first;
  const values: Record<string, number[]> = {};
  for (const [name, column] of Object.entries(fresh.values))
    values[name] = [...(known.values[name] ?? []).slice(start), ...column];
  return { stepMs: fresh.stepMs, atMs: [...known.atMs.slice(start), ...fresh.atMs], values };
}
