import { useMutation } from '@tanstack/react-query';
import type { Identity } from '../engine/port.ts';
import { act } from './api.ts';

export type { Identity } from '../engine/port.ts';

export function useSignIn() {
  return useMutation({
    mutationFn: (input: { user: string; password: string }) => act<Identity>('POST', '/session', input),
  });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => act<object>('DELETE', '/session', {}) });
}
