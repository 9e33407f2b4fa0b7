'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { BindingForm } from '@/components/bindings/binding-form.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { useToast } from '@/components/ui/toasts.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { type BindingInfo, useBind } from '@/lib/client/bindings.ts';
import { suggestedExchangesQuery } from '@/lib/client/exchanges.ts';
import type { QueueDetail } from '@/lib/client/queues.ts';
import { BindingList } from '../../../binding-list.tsx';

export function QueueBindings({ queue }: { queue: QueueDetail }) {
  const { vhost, name } = queue;
  const toast = useToast();
  const bind = useBind();
  const [typed, setTyped] = useState('');
  const exchanges = useQuery(suggestedExchangesQuery(vhost, typed)).data ?? [];
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
        <BindingList
          label="Bindings into this queue"
          of={{ vhost, destinationType: 'queue', destination: name }}
          otherEnd="source"
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
          onTyped={setTyped}
          onBind={onBind}
        />
      </Panel>
    </div>
  );
}
