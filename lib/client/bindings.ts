import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { BindingInfo } from '../engine/bindings.ts';
import { act, ask } from './api.ts';
import { renew } from './concerns.ts';

export type { BindingInfo } from '../engine/bindings.ts';

/** The end that the bindings of a list have in common. */
export type BindingsOf =
  | { vhost: string; source: string }
  | { vhost: string; destinationType: BindingInfo['destinationType']; destination: string };

export const BINDINGS_A_PAGE = 50;

export function bindingsQuery(of: BindingsOf, offset: number) {
  return queryOptions({
    queryKey: ['bindings', of, offset] as const,
    queryFn: ({ signal }) => ask('/bindings', { ...of, offset, limit: BINDINGS_A_PAGE }, signal),
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
    mutationFn: (binding: BindingInfo) => act('POST', '/binding', binding),
    onSuccess: () => renew(client, 'binding'),
  });
}

export function useUnbind() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (binding: BindingInfo) => act('DELETE', '/binding', binding),
    onSuccess: () => renew(client, 'binding'),
  });
}
