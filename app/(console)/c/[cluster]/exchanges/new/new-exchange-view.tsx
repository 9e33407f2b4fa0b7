'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type ExchangeDraft, ExchangeForm, exchangeDraft } from '@/components/exchanges/exchange-form.tsx';
import { FormPage } from '@/components/kit/form-page.tsx';
import { usePageForm } from '@/components/kit/page-form.ts';
import { useToast } from '@/components/ui/toasts.tsx';
import { buildExchangeArguments } from '@/lib/client/exchange-types.ts';
import { suggestedExchangesQuery, useDeclareExchange } from '@/lib/client/exchanges.ts';
import { paths } from '@/lib/client/paths.ts';
import { useVhostChoice } from '@/lib/client/vhost-filter.ts';

export function NewExchangeView() {
  const router = useRouter();
  const toast = useToast();
  const [firstVhost, vhosts] = useVhostChoice();
  const form = usePageForm({
    name: 'new-exchange',
    schema: exchangeDraft,
    defaults: {
      ...{ vhost: firstVhost, name: '', type: 'direct', durable: true, autoDelete: false, internal: false },
      ...{ alternate: '', arguments: {} },
    },
  });
  const [vhost, typed] = form.watch(['vhost', 'alternate']);
  const exchanges = (useQuery(suggestedExchangesQuery(vhost, typed)).data ?? []).map((row) => row.name);
  const declare = useDeclareExchange();
  const submit = ({ alternate, arguments: texts, ...draft }: ExchangeDraft) => {
    const { table } = buildExchangeArguments(draft.type, texts);
    if (alternate !== '') table.push({ name: 'alternate-exchange', field: { type: 'S', value: alternate } });
    declare.mutate(
      { ...draft, arguments: table },
      {
        onSuccess: ({ created }) => {
          form.forget();
          toast(
            'good',
            created
              ? `Exchange ${draft.name} is there.`
              : `Exchange ${draft.name} was there already, with the same arguments.`,
          );
          router.push(paths.exchange(vhost, draft.name));
        },
      },
    );
  };
  return (
    <FormPage
      title="New exchange"
      parent={{ label: 'Exchanges', href: paths.exchanges }}
      verb="Declare exchange"
      form={form}
      request={declare}
      onSubmit={submit}
      className="max-w-3xl"
    >
      <ExchangeForm
        vhosts={vhosts.includes(vhost) ? vhosts : [vhost, ...vhosts]}
        exchanges={exchanges.filter((name) => name !== '')}
      />
    </FormPage>
  );
}
