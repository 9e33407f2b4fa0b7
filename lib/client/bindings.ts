import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { BindingInfo } from '../engine/port.ts';
import { act } from './api.ts';

export type { BindingInfo } from '../engine/port.ts';

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
