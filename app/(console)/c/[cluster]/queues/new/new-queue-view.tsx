'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { FormPage } from '@/components/kit/form-page.tsx';
import { usePageForm } from '@/components/kit/page-form.ts';
import { DeclarationPreview } from '@/components/queues/declaration-preview.tsx';
import { QueueForm, queueDraft } from '@/components/queues/queue-form.tsx';
import { useToast } from '@/components/ui/toasts.tsx';
import { suggestedExchangesQuery } from '@/lib/client/exchanges.ts';
import { paths } from '@/lib/client/paths.ts';
import { buildArguments } from '@/lib/client/queue-arguments.ts';
import { useDeclareQueue } from '@/lib/client/queues.ts';
import { useVhostChoice } from '@/lib/client/vhost-filter.ts';

export function NewQueueView() {
  const router = useRouter();
  const toast = useToast();
  const [firstVhost, vhosts] = useVhostChoice();
  const form = usePageForm({
    name: 'new-queue',
    schema: queueDraft,
    defaults: { vhost: firstVhost, name: '', type: 'classic', durable: true, autoDelete: false, arguments: {} },
  });
  const draft = form.watch();
  const { vhost, name } = draft;
  const isClassic = draft.type === 'classic';
  const declaration = {
    name,
    durable: draft.durable || !isClassic,
    autoDelete: draft.autoDelete && isClassic,
    table: buildArguments(draft.arguments, draft.type).table,
  };
  const typed = draft.arguments['x-dead-letter-exchange'] ?? '';
  const exchanges = useQuery(suggestedExchangesQuery(vhost, typed)).data?.map((row) => row.name) ?? [];
  const declare = useDeclareQueue();
  const submit = () => {
    const { table, ...given } = declaration;
    declare.mutate(
      { vhost, ...given, arguments: table },
      {
        onSuccess: (result) => {
          form.forget();
          toast(
            'good',
            result.created
              ? `Queue ${result.name} is there.`
              : `Queue ${result.name} was there already, with the same arguments.`,
          );
          router.push(paths.queue(vhost, result.name));
        },
      },
    );
  };
  return (
    <FormPage
      title="New queue"
      parent={{ label: 'Queues', href: paths.queues }}
      verb="Declare queue"
      form={form}
      request={declare}
      onSubmit={submit}
    >
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <QueueForm vhosts={vhosts.includes(vhost) ? vhosts : [vhost, ...vhosts]} exchanges={exchanges} />
        <DeclarationPreview {...declaration} />
      </div>
    </FormPage>
  );
}
