'use client';
import { useQuery } from '@tanstack/react-query';
import { BindingForm } from '@/components/bindings/binding-form.tsx';
import { BindingTable } from '@/components/bindings/binding-table.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { useToast } from '@/components/ui/toasts.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { type BindingInfo, useBind } from '@/lib/client/bindings.ts';
import { type ExchangeDetail, exchangeListQuery } from '@/lib/client/exchanges.ts';
import { queueNamesQuery } from '@/lib/client/queues.ts';
import { useUnbindWithUndo } from '../../../unbind-with-undo.tsx';

export function ExchangeBindings({ exchange }: { exchange: ExchangeDetail }) {
  const { vhost, name } = exchange;
  const toast = useToast();
  const bind = useBind();
  const unbind = useUnbindWithUndo();
  const exchanges = useQuery(exchangeListQuery(vhost)).data?.rows ?? [];
  const queues = useQuery(queueNamesQuery(vhost)).data ?? [];
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
        <BindingTable
          label="Bindings from this exchange"
          bindings={exchange.outgoing}
          otherEnd="destination"
          onRemove={unbind}
          empty="None: whatever is published here reaches no queue. Add the first one below."
        />
        <div className="border-line border-t p-3">
          <BindingForm
            vhost={vhost}
            fixed={{ end: 'source', name }}
            exchanges={exchanges}
            queues={queues}
            busy={bind.isPending}
            error={bind.isError ? reasonOf(bind.error) : undefined}
            onBind={onBind}
          />
        </div>
      </Panel>
      <Panel title="Bindings of other exchanges into this one" flush>
        <BindingTable
          label="Bindings of other exchanges into this one"
          bindings={exchange.incoming}
          otherEnd="source"
          onRemove={unbind}
          empty="None: messages come in from programs that publish here."
        />
      </Panel>
    </>
  );
}
