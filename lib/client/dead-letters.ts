import { keepPreviousData, queryOptions, skipToken, useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueueSort } from '../console/queues.ts';
import { act, ask, type Input } from './api.ts';
import { renew } from './concerns.ts';
import type { MessageFilter } from './message-filter.ts';
import { MESSAGES_A_PAGE } from './messages.ts';

export type { DeadLetter, DeadLetterDetail } from '../console/dead-letters.ts';
export type { ReplayResult } from '../deadletter/replay.ts';
export type { ReplayPlan } from '../deadletter/replay-plan.ts';

export type ReplayRequest = Input<'POST', '/dead-letters/replay'>;

export interface DeadLetterQueueFilter {
  vhost?: string | undefined;
  text: string;
  sort: QueueSort;
  order: 'ascending' | 'descending';
  offset: number;
}

/** As many queues as fit above the messages of one of them. */
export const DEAD_LETTER_QUEUES_A_PAGE = 8;

const deadLetterKeys = {
  all: ['dead-letters'] as const,
  queues: (filter: DeadLetterQueueFilter) => ['dead-letters', 'queues', filter] as const,
  queue: (vhost: string, queue: string) => ['dead-letters', 'queue', vhost, queue] as const,
  page: (vhost: string, queue: string, from: string | undefined, filter: MessageFilter) =>
    ['dead-letters', 'page', vhost, queue, from ?? null, filter] as const,
  one: (vhost: string, queue: string, position: string) => ['dead-letters', 'one', vhost, queue, position] as const,
};

export function deadLetterQueuesQuery(filter: DeadLetterQueueFilter) {
  return queryOptions({
    queryKey: deadLetterKeys.queues(filter),
    queryFn: ({ signal }) => ask('/dead-letters/queues', { ...filter, limit: DEAD_LETTER_QUEUES_A_PAGE }, signal),
    placeholderData: keepPreviousData,
  });
}

/** The queue that an address names, whichever page of the list it is on. */
export function deadLetterQueueQuery(vhost: string, queue: string) {
  return queryOptions({
    queryKey: deadLetterKeys.queue(vhost, queue),
    queryFn: ({ signal }) => ask('/dead-letters/queue', { vhost, queue }, signal),
  });
}

export function deadLetterPageQuery(vhost: string, queue: string, from: string | undefined, filter: MessageFilter) {
  return queryOptions({
    queryKey: deadLetterKeys.page(vhost, queue, from, filter),
    queryFn: ({ signal }) =>
      ask('/dead-letters/messages', { vhost, queue, from, ...filter, limit: MESSAGES_A_PAGE }, signal),
  });
}

export function deadLetterQuery(vhost: string, queue: string, position: string) {
  return queryOptions({
    queryKey: deadLetterKeys.one(vhost, queue, position),
    queryFn: ({ signal }) => ask('/dead-letters/message', { vhost, queue, position }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** What a replay would do now. The plan for the options before stays until the new one is there; `isPlaceholderData` then. */
export function replayPlanQuery(request: ReplayRequest | undefined) {
  return queryOptions({
    // Not among the keys of dead letters: what comes and goes meanwhile must not have it worked out anew each second.
    queryKey: ['replay-plan', request ?? null] as const,
    queryFn: request === undefined ? skipToken : () => act('POST', '/dead-letters/plan', request),
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
}

export function useReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: ReplayRequest) => act('POST', '/dead-letters/replay', request),
    onSettled: () => renew(client, 'messages'),
  });
}
