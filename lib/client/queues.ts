import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueueSort, QueueState, ShownQueue } from '../console/queues.ts';
import type { QueueDeclaration } from '../engine/queues.ts';
import { act, ask } from './api.ts';
import { renew } from './concerns.ts';
import { leave, left, stay, unlessLeaving } from './departures.ts';

export type { QueuePage, QueueRow, QueueSort, QueueState } from '../console/queues.ts';
export type { ConsumerInfo, QueueDeclaration, QueueInfo } from '../engine/queues.ts';
export type QueueDetail = ShownQueue;

export interface QueueFilter {
  vhost?: string | undefined;
  text: string;
  state: QueueState;
  sort: QueueSort;
  order: 'ascending' | 'descending';
  offset: number;
}

export const QUEUES_A_PAGE = 100;
const NAMES_SHOWN = 20;

const queueKeys = {
  all: ['queues'] as const,
  list: (filter: QueueFilter) => ['queues', 'list', filter] as const,
  names: (vhost: string, text: string) => ['queues', 'names', vhost, text] as const,
  detail: (vhost: string, name: string) => ['queues', 'detail', vhost, name] as const,
};

export function queueListQuery(filter: QueueFilter) {
  return queryOptions({
    queryKey: queueKeys.list(filter),
    queryFn: ({ signal }) => ask('/queues', { ...filter, limit: QUEUES_A_PAGE }, signal),
    // Typing in the filter must not empty the table at each key.
    placeholderData: keepPreviousData,
  });
}

/** The first names with that text, for whoever types one. */
export function queueNamesQuery(vhost: string, text: string) {
  return queryOptions({
    queryKey: queueKeys.names(vhost, text),
    queryFn: ({ signal }) => ask('/queues/names', { vhost, text, limit: NAMES_SHOWN }, signal),
    select: ({ rows }) => rows,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
}

export function queueQuery(vhost: string, name: string) {
  return queryOptions({
    queryKey: queueKeys.detail(vhost, name),
    queryFn: unlessLeaving((signal) => ask('/queue', { vhost, name }, signal)),
  });
}

export function useDeclareQueue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (declaration: QueueDeclaration) => act('POST', '/queue', declaration),
    onSuccess: () => renew(client, 'queue'),
  });
}

export function useDeleteQueue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { vhost: string; name: string; unused?: boolean; empty?: boolean }) =>
      act('DELETE', '/queue', input),
    onMutate: ({ vhost, name }) => leave(client, queueKeys.detail(vhost, name)),
    onError: (_error, { vhost, name }) => stay(queueKeys.detail(vhost, name)),
    onSuccess: (_result, { vhost, name }) => {
      left(client, queueKeys.detail(vhost, name));
      return client.invalidateQueries({ queryKey: queueKeys.all, refetchType: 'none' });
    },
  });
}

/** Pauses or resumes. */
export function usePauseQueue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ isPaused, ...input }: { vhost: string; name: string; isPaused: boolean }) =>
      act('POST', isPaused ? '/queue/pause' : '/queue/resume', input),
    onSuccess: () => renew(client, 'queue'),
  });
}

export function usePurgeQueue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { vhost: string; name: string }) => act('POST', '/queue/purge', input),
    onSuccess: () => renew(client, 'messages'),
  });
}
