'use client';
import { useId } from 'react';
import { exchangeLabel } from '../../lib/client/formats.ts';
import type { BuiltPublication, PublicationDraft } from '../../lib/client/publication-draft.ts';
import { Field, Select, TextInput } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Segmented } from '../ui/segmented.tsx';

/** Where the message goes: to an exchange with a key, or straight to a queue. */
export function AddressFields({
  draft,
  problems,
  vhosts,
  exchanges,
  queues,
  onChange,
}: {
  draft: PublicationDraft;
  problems: BuiltPublication['problems'];
  vhosts: readonly string[];
  exchanges: readonly string[];
  queues: readonly string[];
  onChange: (change: Partial<PublicationDraft>) => void;
}) {
  const queueList = useId();
  return (
    <Panel
      title="To"
      actions={
        <Segmented
          label="Publish to"
          value={draft.to}
          options={[
            { value: 'exchange', label: 'An exchange' },
            { value: 'queue', label: 'A queue' },
          ]}
          onChange={(to) => onChange({ to })}
        />
      }
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="Vhost">
          {(control) => (
            <Select {...control} value={draft.vhost} onChange={(event) => onChange({ vhost: event.target.value })}>
              {(vhosts.includes(draft.vhost) ? vhosts : [draft.vhost, ...vhosts]).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
        {draft.to === 'exchange' ? (
          <>
            <Field label="Exchange">
              {(control) => (
                <Select
                  {...control}
                  value={draft.exchange}
                  onChange={(event) => onChange({ exchange: event.target.value })}
                >
                  {(exchanges.includes(draft.exchange) ? exchanges : [draft.exchange, ...exchanges]).map((name) => (
                    <option key={name} value={name}>
                      {exchangeLabel(name)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="Routing key">
              {(control) => (
                <TextInput
                  {...control}
                  className="font-mono text-xs"
                  value={draft.routingKey}
                  onChange={(event) => onChange({ routingKey: event.target.value })}
                />
              )}
            </Field>
          </>
        ) : (
          <Field
            label="Queue"
            className="sm:col-span-2"
            help="Through the default exchange, with the name as routing key."
            problem={draft.queue === '' ? undefined : problems.queue}
          >
            {(control) => (
              <>
                <TextInput
                  {...control}
                  list={queueList}
                  value={draft.queue}
                  onChange={(event) => onChange({ queue: event.target.value })}
                />
                <datalist id={queueList}>
                  {queues.map((name) => (
                    <option key={name} value={name} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
        )}
      </div>
    </Panel>
  );
}
