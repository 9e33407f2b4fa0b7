'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ArgumentField } from '@/components/queues/argument-field.tsx';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { CheckField, Field, Select, TextInput } from '@/components/ui/field.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SuggestInput } from '@/components/ui/suggest-input.tsx';
import { useToast } from '@/components/ui/toasts.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { buildExchangeArguments, EXCHANGE_TYPES, exchangeArguments, shownText } from '@/lib/client/exchange-types.ts';
import { suggestedExchangesQuery, useDeclareExchange } from '@/lib/client/exchanges.ts';
import { vhostsQuery } from '@/lib/client/overview.ts';
import { paths } from '@/lib/client/paths.ts';
import type { ArgumentTexts } from '@/lib/client/queue-arguments.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';

export function NewExchangeView() {
  const router = useRouter();
  const toast = useToast();
  const [vhostFilter] = useVhostFilter();
  const vhosts = useQuery(vhostsQuery()).data?.names ?? [];
  const [chosenVhost, setVhost] = useState<string>();
  const vhost = chosenVhost ?? vhostFilter ?? vhosts[0] ?? '/';
  const [name, setName] = useState('');
  const [type, setType] = useState<string>('direct');
  const [durable, setDurable] = useState(true);
  const [autoDelete, setAutoDelete] = useState(false);
  const [internal, setInternal] = useState(false);
  const [alternate, setAlternate] = useState('');
  const [texts, setTexts] = useState<ArgumentTexts>({});
  const built = buildExchangeArguments(type, texts);
  const specs = exchangeArguments(type);
  const flawed = Object.keys(built.problems).length > 0;
  const others = (useQuery(suggestedExchangesQuery(vhost, alternate)).data ?? []).filter((row) => row.name !== '');
  const declare = useDeclareExchange();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (flawed) return;
    const table = [...built.table];
    if (alternate !== '') table.push({ name: 'alternate-exchange', field: { type: 'S', value: alternate } });
    declare.mutate(
      { vhost, name, type, durable, autoDelete, internal, arguments: table },
      {
        onSuccess: ({ created }) => {
          toast(
            'good',
            created ? `Exchange ${name} is there.` : `Exchange ${name} was there already, with the same arguments.`,
          );
          router.push(paths.exchange(vhost, name));
        },
      },
    );
  };

  return (
    <form onSubmit={submit} className="max-w-3xl">
      <PageHeader
        title="New exchange"
        parent={{ label: 'Exchanges', href: paths.exchanges }}
        actions={
          <>
            <ButtonLink href={paths.exchanges}>Cancel</ButtonLink>
            <Button type="submit" kind="primary" disabled={name === '' || flawed} busy={declare.isPending}>
              Declare exchange
            </Button>
          </>
        }
      />
      {declare.isError && (
        <div className="mb-4">
          <ErrorNote title="The broker refused it">{reasonOf(declare.error)}</ErrorNote>
        </div>
      )}
      <div className="grid gap-4">
        <Panel title="Exchange">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Name" help="Names that begin with amq. belong to the broker.">
              {(control) => (
                <TextInput
                  {...control}
                  name="name"
                  required
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <Field label="Vhost">
              {(control) => (
                <Select {...control} value={vhost} onChange={(event) => setVhost(event.target.value)}>
                  {(vhosts.includes(vhost) ? vhosts : [vhost, ...vhosts]).map((option) => (
                    <option key={option}>{option}</option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
        </Panel>
        <Panel title="Type">
          <div role="radiogroup" aria-label="Type" className="grid gap-2 sm:grid-cols-2">
            {EXCHANGE_TYPES.map((entry) => (
              <label
                key={entry.type}
                className="flex cursor-pointer items-start gap-2 rounded-md border border-line p-2.5 hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft"
              >
                <input
                  type="radio"
                  name="type"
                  className="mt-0.5 size-4 shrink-0 accent-accent-solid"
                  checked={type === entry.type}
                  onChange={() => setType(entry.type)}
                />
                <span>
                  <span className="block font-medium">{entry.type}</span>
                  <span className="block text-muted text-xs">{entry.meaning}</span>
                </span>
              </label>
            ))}
          </div>
        </Panel>
        {specs.length > 0 && (
          <Panel title={`Arguments of ${type}`}>
            <div className="grid gap-4 sm:grid-cols-2">
              {specs.map((spec) => (
                <ArgumentField
                  key={spec.name}
                  spec={spec}
                  text={shownText(spec, texts[spec.name])}
                  problem={texts[spec.name] === undefined ? undefined : built.problems[spec.name]}
                  exchanges={[]}
                  onText={(text) => setTexts((before) => ({ ...before, [spec.name]: text }))}
                />
              ))}
            </div>
          </Panel>
        )}
        <Panel title="Features">
          <div className="grid gap-4 sm:grid-cols-2">
            <CheckField
              label="Durable"
              help="The exchange survives a restart of the broker."
              checked={durable}
              onChange={setDurable}
            />
            <CheckField
              label="Auto-delete"
              help="The exchange goes when the last binding from it goes."
              checked={autoDelete}
              onChange={setAutoDelete}
            />
            <CheckField
              label="Internal"
              help="Programs cannot publish to it; only other exchanges bound to it can."
              checked={internal}
              onChange={setInternal}
            />
            <Field label="Alternate exchange" optional help="Gets what this exchange can route to no queue.">
              {(control) => (
                <SuggestInput
                  {...control}
                  value={alternate}
                  onChange={(event) => setAlternate(event.target.value)}
                  suggestions={others.map(({ name: value }) => ({ value }))}
                />
              )}
            </Field>
          </div>
        </Panel>
      </div>
    </form>
  );
}
