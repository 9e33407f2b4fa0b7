import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { DeadLetterDetail, DeadLetterPage, DeadLetterQueuePage } from '../console/dead-letters.ts';
import type { QueueRow, QueueSort } from '../console/queues.ts';
import type { ReplayResult } from '../deadletter/replay.ts';
import { act, ask } from './api.ts';
import type { MessageFilter } from './message-filter.ts';
import { MESSAGES_A_PAGE } from './messages.ts';

export type { DeadLetter, DeadLetterDetail, DeadLetterPage } from '../console/dead-letters.ts';
export type { ReplayResult } from '../deadletter/replay.ts';

export interface ReplayRequest {
  vhost: string;
  queue: string;
  /** Absent: all that are there when it begins. */
  positions?: string[];
  target?: string;
  force?: boolean;
}

export interface DeadLetterQueueFilter {
  vhost?: string | undefined;
  text: string;
  sort: QueueSort;
  order: 'ascending' | 'descending';
  offset: number;
}

/** As many as fit above the messages of one of them. */
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
    queryFn: ({ signal }) =>
      ask<DeadLetterQueuePage>('/dead-letters/queues', { ...filter, limit: DEAD_LETTER_QUEUES_A_PAGE }, signal),
    placeholderData: keepPreviousData,
  });
}

/** The one that an address names, whichever page of the list it is on. */
export function deadLetterQueueQuery(vhost: string, queue: string) {
  return queryOptions({
    queryKey: deadLetterKeys.queue(vhost, queue),
    queryFn: ({ signal }) => ask<QueueRow>('/dead-letters/queue', { vhost, queue }, signal),
  });
}

export function deadLetterPageQuery(vhost: string, queue: string, from: string | undefined, filter: MessageFilter) {
  return queryOptions({
    queryKey: deadLetterKeys.page(vhost, queue, from, filter),
    queryFn: ({ signal }) =>
      ask<DeadLetterPage>('/dead-letters/messages', { vhost, queue, from, ...filter, limit: MESSAGES_A_PAGE }, signal),
  });
}

export function deadLetterQuery(vhost: string, queue: string, position: string) {
  return queryOptions({
    queryKey: deadLetterKeys.one(vhost, queue, position),
    queryFn: ({ signal }) => ask<DeadLetterDetail>('/dead-letters/message', { vhost, queue, position }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

export function useReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: ReplayRequest) => act<ReplayResult>('POST', '/dead-letters/replay', request),
    onSettled: () => client.invalidateQueries(),
  });
}
