'use client';
import { exchangeLabel } from '../../lib/client/formats.ts';
import type { BuiltPublication, PublicationDraft } from '../../lib/client/publication-draft.ts';
import { Field, Select, TextInput } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { SuggestInput } from '../ui/suggest-input.tsx';

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
  /** Names with what is typed. */
  exchanges: readonly string[];
  queues: readonly string[];
  onChange: (change: Partial<PublicationDraft>) => void;
}) {
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
            <Field label="Exchange" problem={problems.exchange}>
              {(control) => (
                <SuggestInput
                  {...control}
                  value={draft.exchange}
                  placeholder={exchangeLabel('')}
                  onChange={(event) => onChange({ exchange: event.target.value })}
                  suggestions={exchanges.filter((name) => name !== '').map((value) => ({ value }))}
                />
              )}
            </Field>
            <Field label="Routing key" problem={problems.routingKey}>
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
              <SuggestInput
                {...control}
                value={draft.queue}
                onChange={(event) => onChange({ queue: event.target.value })}
                suggestions={queues.map((value) => ({ value }))}
              />
            )}
          </Field>
        )}
      </div>
    </Panel>
  );
}
