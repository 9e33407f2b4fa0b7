'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { DeclarationPreview } from '@/components/queues/declaration-preview.tsx';
import { type QueueDraft, QueueForm } from '@/components/queues/queue-form.tsx';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { useToast } from '@/components/ui/toasts.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { suggestedExchangesQuery } from '@/lib/client/exchanges.ts';
import { vhostsQuery } from '@/lib/client/overview.ts';
import { paths } from '@/lib/client/paths.ts';
import { buildArguments } from '@/lib/client/queue-arguments.ts';
import { useDeclareQueue } from '@/lib/client/queues.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';

export function NewQueueView() {
  const router = useRouter();
  const toast = useToast();
  const [vhostFilter] = useVhostFilter();
  const vhosts = useQuery(vhostsQuery()).data?.names ?? [];
  const [changes, setChanges] = useState<Partial<QueueDraft>>({});
  const draft: QueueDraft = {
    vhost: vhostFilter ?? vhosts[0] ?? '/',
    name: '',
    type: 'classic',
    durable: true,
    autoDelete: false,
    arguments: {},
    ...changes,
  };
  const isClassic = draft.type === 'classic';
  const durable = draft.durable || !isClassic;
  const autoDelete = draft.autoDelete && isClassic;
  const typed = draft.arguments['x-dead-letter-exchange'] ?? '';
  const exchanges = useQuery(suggestedExchangesQuery(draft.vhost, typed)).data?.map((row) => row.name) ?? [];
  const declare = useDeclareQueue();
  const built = buildArguments(draft.arguments, draft.type);
  const flawed = Object.keys(built.problems).length > 0 || (draft.name === '' && !isClassic);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (flawed) return;
    const { vhost, name } = draft;
    declare.mutate(
      { vhost, name, durable, autoDelete, arguments: built.table },
      {
        onSuccess: (result) => {
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
    <form onSubmit={submit}>
      <PageHeader
        title="New queue"
        parent={{ label: 'Queues', href: paths.queues }}
        actions={
          <>
            <ButtonLink href={paths.queues}>Cancel</ButtonLink>
            <Button type="submit" kind="primary" disabled={flawed} busy={declare.isPending}>
              Declare queue
            </Button>
          </>
        }
      />
      {declare.isError && (
        <div className="mb-4">
          <ErrorNote title="The broker refused it">{reasonOf(declare.error)}</ErrorNote>
        </div>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <QueueForm
          draft={draft}
          onChange={(change) => setChanges((before) => ({ ...before, ...change }))}
          problems={built.problems}
          vhosts={vhosts.includes(draft.vhost) ? vhosts : [draft.vhost, ...vhosts]}
          exchanges={exchanges}
        />
        <DeclarationPreview name={draft.name} durable={durable} autoDelete={autoDelete} table={built.table} />
      </div>
    </form>
  );
}
