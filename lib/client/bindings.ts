import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { BindingInfo } from '../engine/bindings.ts';
import type { ListPage } from '../engine/lists.ts';
import { act, ask } from './api.ts';

export type { BindingInfo } from '../engine/bindings.ts';

/** The end that the bindings of a list have in common. */
export type BindingsOf =
  | { vhost: string; source: string }
  | { vhost: string; destinationType: BindingInfo['destinationType']; destination: string };

export const BINDINGS_A_PAGE = 50;

export function bindingsQuery(of: BindingsOf, offset: number) {
  return queryOptions({
    queryKey: ['bindings', of, offset] as const,
    queryFn: ({ signal }) => ask<ListPage<BindingInfo>>('/bindings', { ...of, offset, limit: BINDINGS_A_PAGE }, signal),
    placeholderData: keepPreviousData,
  });
}

/** A binding is all its fields: two that differ in an argument are two. */
export function bindingKey(binding: BindingInfo): string {
  return JSON.stringify(binding);
}

export function useBind() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (binding: BindingInfo) => act<object>('POST', '/binding', binding),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useUnbind() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (binding: BindingInfo) => act<object>('DELETE', '/binding', binding),
    onSuccess: () => client.invalidateQueries(),
  });
}
