import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ExchangeSort, ShownExchange } from '../console/exchanges.ts';
import type { ExchangeDeclaration } from '../engine/exchanges.ts';
import { act, ask } from './api.ts';
import { renew } from './concerns.ts';
import { leave, left, stay, unlessLeaving } from './departures.ts';

export type { ExchangeRow, ExchangeSort } from '../console/exchanges.ts';
export type { ExchangeDeclaration } from '../engine/exchanges.ts';
export type ExchangeDetail = ShownExchange;

export interface ExchangeFilter {
  vhost?: string | undefined;
  text: string;
  show: 'all' | 'own';
  sort: ExchangeSort;
  order: 'ascending' | 'descending';
  offset: number;
}

export const EXCHANGES_A_PAGE = 100;
const SUGGESTED = 20;

const exchangeKeys = {
  all: ['exchanges'] as const,
  list: (filter: ExchangeFilter) => ['exchanges', 'list', filter] as const,
  suggested: (vhost: string, text: string) => ['exchanges', 'suggested', vhost, text] as const,
  detail: (vhost: string, name: string) => ['exchanges', 'detail', vhost, name] as const,
};

export function exchangeListQuery(filter: ExchangeFilter) {
  return queryOptions({
    queryKey: exchangeKeys.list(filter),
    queryFn: ({ signal }) => ask('/exchanges', { ...filter, limit: EXCHANGES_A_PAGE }, signal),
    placeholderData: keepPreviousData,
  });
}

/** The first exchanges with this text in their name: suggestions for whoever types one. */
export function suggestedExchangesQuery(vhost: string, text: string) {
  return queryOptions({
    queryKey: exchangeKeys.suggested(vhost, text),
    queryFn: ({ signal }) => ask('/exchanges', { vhost, text, limit: SUGGESTED }, signal),
    select: ({ rows }) => rows,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
}

export function exchangeQuery(vhost: string, name: string) {
  return queryOptions({
    queryKey: exchangeKeys.detail(vhost, name),
    queryFn: unlessLeaving((signal) => ask('/exchange', { vhost, name }, signal)),
  });
}

export function useDeclareExchange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (declaration: ExchangeDeclaration) => act('POST', '/exchange', declaration),
    onSuccess: () => renew(client, 'exchange'),
  });
}

export function useDeleteExchange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { vhost: string; name: string }) => act('DELETE', '/exchange', input),
    onMutate: ({ vhost, name }) => leave(client, exchangeKeys.detail(vhost, name)),
    onError: (_error, { vhost, name }) => stay(exchangeKeys.detail(vhost, name)),
    onSuccess: (_result, { vhost, name }) => {
      left(client, exchangeKeys.detail(vhost, name));
      return client.invalidateQueries({ queryKey: exchangeKeys.all, refetchType: 'none' });
    },
  });
}
