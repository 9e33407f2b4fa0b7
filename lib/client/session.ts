import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { act, ask } from './api.ts';
import { renew } from './concerns.ts';
import { dropDrafts } from './drafts.ts';

export type { SessionRow } from '../console/session.ts';
export type { Identity } from '../engine/actor.ts';

export function useSignIn() {
  return useMutation({
    mutationFn: (input: { user: string; password: string }) => act('POST', '/session', input),
  });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => act('DELETE', '/session', {}), onSettled: dropDrafts });
}

export function sessionsQuery(everybody: boolean) {
  return queryOptions({
    queryKey: ['sessions', everybody] as const,
    queryFn: ({ signal }) => ask('/sessions', { everybody: everybody ? 'true' : undefined }, signal),
  });
}

export function useRevokeSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => act('DELETE', '/sessions', { id }),
    onSettled: () => renew(client, 'session'),
  });
}
