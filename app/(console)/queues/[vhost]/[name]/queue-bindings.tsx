'use client';
import { useQuery } from '@tanstack/react-query';
import { BindingForm } from '@/components/bindings/binding-form.tsx';
import { BindingTable } from '@/components/bindings/binding-table.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { useToast } from '@/components/ui/toasts.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { type BindingInfo, useBind } from '@/lib/client/bindings.ts';
import { exchangeListQuery } from '@/lib/client/exchanges.ts';
import type { QueueDetail } from '@/lib/client/queues.ts';
import { useUnbindWithUndo } from '../../../unbind-with-undo.tsx';

export function QueueBindings({ queue }: { queue: QueueDetail }) {
  const { vhost, name } = queue;
  const toast = useToast();
  const bind = useBind();
  const unbind = useUnbindWithUndo();
  const exchanges = useQuery(exchangeListQuery(vhost)).data?.rows ?? [];
  const onBind = (binding: BindingInfo, done: () => void) =>
    bind.mutate(binding, {
      onSuccess: () => {
        toast('good', `Exchange ${binding.source} is bound to ${name}.`);
        done();
      },
    });
  return (
    <div className="grid gap-4">
      <Panel title="Bindings into this queue" flush>
        <BindingTable
          label="Bindings into this queue"
          bindings={queue.bindings}
          otherEnd="source"
          onRemove={unbind}
          empty={
            <>
              None. Messages come in through the default exchange with <code className="font-mono text-xs">{name}</code>{' '}
              as routing key.
            </>
          }
        />
      </Panel>
      <Panel title="Add a binding">
        <BindingForm
          vhost={vhost}
          fixed={{ end: 'destination', destinationType: 'queue', name }}
          exchanges={exchanges}
          queues={[]}
          busy={bind.isPending}
          error={bind.isError ? reasonOf(bind.error) : undefined}
          onBind={onBind}
        />
      </Panel>
    </div>
  );
}
