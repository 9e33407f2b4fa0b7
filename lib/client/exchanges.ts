import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ExchangeList, ShownExchange } from '../console/exchanges.ts';
import type { ExchangeDeclaration } from '../engine/port.ts';
import { act, ask } from './api.ts';
import { leave, left, stay, unlessLeaving } from './departures.ts';

export type { ExchangeRow } from '../console/exchanges.ts';
export type { ExchangeDeclaration } from '../engine/port.ts';
export type ExchangeDetail = ShownExchange;

const exchangeKeys = {
  all: ['exchanges'] as const,
  list: (vhost: string | undefined) => ['exchanges', 'list', vhost ?? null] as const,
  detail: (vhost: string, name: string) => ['exchanges', 'detail', vhost, name] as const,
};

export function exchangeListQuery(vhost: string | undefined) {
  return queryOptions({
    queryKey: exchangeKeys.list(vhost),
    queryFn: ({ signal }) => ask<ExchangeList>('/exchanges', { vhost }, signal),
  });
}

export function exchangeQuery(vhost: string, name: string) {
  return queryOptions({
    queryKey: exchangeKeys.detail(vhost, name),
    queryFn: unlessLeaving((signal) => ask<ExchangeDetail>('/exchange', { vhost, name }, signal)),
  });
}

export function useDeclareExchange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (declaration: ExchangeDeclaration) => act<{ created: boolean }>('POST', '/exchange', declaration),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useDeleteExchange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { vhost: string; name: string }) => act<object>('DELETE', '/exchange', input),
    onMutate: ({ vhost, name }) => leave(client, exchangeKeys.detail(vhost, name)),
    onError: (_error, { vhost, name }) => stay(exchangeKeys.detail(vhost, name)),
    onSuccess: (_result, { vhost, name }) => {
      left(client, exchangeKeys.detail(vhost, name));
      return client.invalidateQueries({ queryKey: exchangeKeys.all, refetchType: 'none' });
    },
  });
}
