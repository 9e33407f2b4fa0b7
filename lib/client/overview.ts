import { queryOptions } from '@tanstack/react-query';
import { ask } from './api.ts';

export type { Figures } from '../console/figures.ts';
export type { ActivityRow, BrokerFacts, OverviewPage } from '../console/overview.ts';
export type { Problem } from '../health/problems.ts';

const overviewKeys = {
  /** The overview of all vhosts is pushed, that of one is asked for. */
  page: (vhost: string | undefined) =>
    vhost === undefined ? (['overview', 'all'] as const) : (['overview', 'vhost', vhost] as const),
  activity: ['activity'] as const,
  vhosts: ['vhosts'] as const,
};

export function overviewQuery(vhost: string | undefined) {
  return queryOptions({
    queryKey: overviewKeys.page(vhost),
    queryFn: ({ signal }) => ask('/overview', { vhost }, signal),
  });
}

export function activityQuery() {
  return queryOptions({
    queryKey: overviewKeys.activity,
    queryFn: ({ signal }) => ask('/activity', { limit: 30 }, signal),
  });
}

export function vhostsQuery() {
  return queryOptions({
    queryKey: overviewKeys.vhosts,
    queryFn: ({ signal }) => ask('/vhosts', {}, signal),
    staleTime: 30_000,
  });
}
