import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { DeadLetterDetail, DeadLetterPage, DeadLetterQueueRow } from '../console/dead-letters.ts';
import type { ReplayResult } from '../deadletter/replay.ts';
import { act, ask } from './api.ts';
import type { MessageFilter } from './message-filter.ts';
import { MESSAGES_A_PAGE } from './messages.ts';

export type { DeadLetter, DeadLetterDetail, DeadLetterPage, DeadLetterQueueRow } from '../console/dead-letters.ts';
export type { ReplayResult } from '../deadletter/replay.ts';

export interface ReplayRequest {
  vhost: string;
  queue: string;
  /** Absent: all that are there when it begins. */
  positions?: string[];
  target?: string;
  force?: boolean;
}

const deadLetterKeys = {
  all: ['dead-letters'] as const,
  queues: (vhost: string | undefined) => ['dead-letters', 'queues', vhost ?? null] as const,
  page: (vhost: string, queue: string, from: string | undefined, filter: MessageFilter) =>
    ['dead-letters', 'page', vhost, queue, from ?? null, filter] as const,
  one: (vhost: string, queue: string, position: string) => ['dead-letters', 'one', vhost, queue, position] as const,
};

export function deadLetterQueuesQuery(vhost: string | undefined) {
  return queryOptions({
    queryKey: deadLetterKeys.queues(vhost),
    queryFn: ({ signal }) => ask<{ rows: DeadLetterQueueRow[] }>('/dead-letters/queues', { vhost }, signal),
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
