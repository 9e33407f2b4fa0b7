'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { BindingForm } from '@/components/bindings/binding-form.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { useToast } from '@/components/ui/toasts.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { type BindingInfo, useBind } from '@/lib/client/bindings.ts';
import { type ExchangeDetail, suggestedExchangesQuery } from '@/lib/client/exchanges.ts';
import { queueNamesQuery } from '@/lib/client/queues.ts';
import { BindingList } from '../../../binding-list.tsx';

export function ExchangeBindings({ exchange }: { exchange: ExchangeDetail }) {
  const { vhost, name, type } = exchange;
  const toast = useToast();
  const bind = useBind();
  const [typed, setTyped] = useState('');
  const exchanges = useQuery(suggestedExchangesQuery(vhost, typed)).data ?? [];
  const queues = useQuery(queueNamesQuery(vhost, typed)).data ?? [];
  if (name === '')
    return (
      <Panel title="Bindings">
        <p className="text-muted">
          Every queue is bound to the default exchange with its own name. These bindings cannot be changed.
        </p>
      </Panel>
    );
  const onBind = (binding: BindingInfo, done: () => void) =>
    bind.mutate(binding, {
      onSuccess: () => {
        toast('good', `${name} is bound to ${binding.destination}.`);
        done();
      },
    });
  return (
    <>
      <Panel title="Bindings from this exchange" flush>
        <BindingList
          label="Bindings from this exchange"
          of={{ vhost, source: name }}
          otherEnd="destination"
          empty="None: whatever is published here reaches no queue. Add the first one below."
        />
        <div className="border-line border-t p-3">
          <BindingForm
            vhost={vhost}
            fixed={{ end: 'source', name, type }}
            exchanges={exchanges}
            queues={queues}
            busy={bind.isPending}
            error={bind.isError ? reasonOf(bind.error) : undefined}
            onTyped={setTyped}
            onBind={onBind}
          />
        </div>
      </Panel>
      <Panel title="Bindings of other exchanges into this one" flush>
        <BindingList
          label="Bindings of other exchanges into this one"
          of={{ vhost, destinationType: 'exchange', destination: name }}
          otherEnd="source"
          empty="None: messages come in from programs that publish here."
        />
      </Panel>
    </>
  );
}
