import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Publication } from '../engine/messages.ts';
import { act, ask } from './api.ts';
import { renew } from './concerns.ts';
import type { MessageFilter } from './message-filter.ts';

export type { Death, MessageProperties, PeekedMessage, Publication } from '../engine/messages.ts';
export type { PublishReport } from '../operations/messages.ts';

export const MESSAGES_A_PAGE = 50;

const messageKeys = {
  page: (vhost: string, queue: string, from: string | undefined, filter: MessageFilter) =>
    ['messages', 'page', vhost, queue, from ?? null, filter] as const,
  one: (vhost: string, queue: string, position: string) => ['messages', 'one', vhost, queue, position] as const,
};

export function messagePageQuery(vhost: string, queue: string, from: string | undefined, filter: MessageFilter) {
  return queryOptions({
    queryKey: messageKeys.page(vhost, queue, from, filter),
    queryFn: ({ signal }) => ask('/messages', { vhost, queue, from, ...filter, limit: MESSAGES_A_PAGE }, signal),
  });
}

/** One message in full; it never changes while it is in the queue. */
export function messageQuery(vhost: string, queue: string, position: string) {
  return queryOptions({
    queryKey: messageKeys.one(vhost, queue, position),
    queryFn: ({ signal }) => ask('/message', { vhost, queue, position }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

export function usePublish() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Publication & { repeat: number }) => act('POST', '/publish', input),
    onSuccess: () => renew(client, 'messages'),
  });
}
