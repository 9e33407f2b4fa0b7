'use client';
import { useToast } from '@/components/ui/toasts.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { type BindingInfo, useBind, useUnbind } from '@/lib/client/bindings.ts';
import { exchangeLabel } from '@/lib/client/formats.ts';

/** Removing a binding can be taken back: it is done at once, and the toast offers to bind again. */
export function useUnbindWithUndo(): (binding: BindingInfo) => void {
  const toast = useToast();
  const bind = useBind();
  const unbind = useUnbind();
  const failed = (error: unknown) => toast('danger', reasonOf(error));
  const undo = (binding: BindingInfo) =>
    bind.mutate(binding, { onSuccess: () => toast('good', 'The binding is back.'), onError: failed });
  return (binding) =>
    unbind.mutate(binding, {
      onError: failed,
      onSuccess: () =>
        toast(
          'good',
          <>
            {exchangeLabel(binding.source)} is no longer bound to {binding.destination}.{' '}
            <button type="button" className="font-medium text-accent hover:underline" onClick={() => undo(binding)}>
              Undo
            </button>
          </>,
        ),
    });
}
