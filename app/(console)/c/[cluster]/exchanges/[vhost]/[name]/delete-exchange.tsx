'use client';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { ConfirmDialog } from '@/components/ui/confirm-dialog.tsx';
import { useToast } from '@/components/ui/toasts.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { type ExchangeDetail, useDeleteExchange } from '@/lib/client/exchanges.ts';
import { formatRate, plural } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';

export function DeleteExchange({ exchange }: { exchange: ExchangeDetail }) {
  const { vhost, name, bindingCount, incomingCount, rates } = exchange;
  const router = useRouter();
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const remove = useDeleteExchange();
  const bindings = bindingCount + incomingCount;
  const busyNow = (rates?.published ?? 0) > 0;
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        <Trash2 aria-hidden />
        Delete
      </Button>
      <ConfirmDialog
        open={open}
        onClose={() => {
          remove.reset();
          setOpen(false);
        }}
        title={`Delete ${name}?`}
        consequence={
          <>
            The exchange goes for good{bindings > 0 && `, and with it ${plural(bindings, 'binding')}`}. Who publishes to
            it afterwards gets an error that closes its channel.
            {busyNow && ` ${formatRate(rates?.published)} messages a second come in now.`}
          </>
        }
        verb="Delete exchange"
        typeToConfirm={busyNow ? name : undefined}
        busy={remove.isPending}
        error={remove.isError ? reasonOf(remove.error) : undefined}
        onConfirm={() =>
          remove.mutate(
            { vhost, name },
            {
              onSuccess: () => {
                toast('good', `Exchange ${name} is deleted.`);
                router.push(paths.exchanges);
              },
            },
          )
        }
      />
    </>
  );
}
