'use client';
import { useController } from 'react-hook-form';
import * as z from 'zod/mini';
import { buildExchangeArguments, EXCHANGE_TYPES, exchangeArguments } from '../../lib/client/exchange-types.ts';
import { requiredName, shortText } from '../../lib/client/short-text.ts';
import { SelectField, SuggestField, TextField, TickField } from '../kit/form-fields.tsx';
import { ArgumentField } from '../queues/argument-field.tsx';
import { Panel } from '../ui/panel.tsx';

/** An exchange as it is written. */
export const exchangeDraft = z
  .object({
    vhost: z.string(),
    name: requiredName,
    type: z.string(),
    durable: z.boolean(),
    autoDelete: z.boolean(),
    internal: z.boolean(),
    alternate: shortText,
    arguments: z.record(z.string(), z.optional(z.string())),
  })
  .check(({ value, issues }) => {
    for (const [name, message] of Object.entries(buildExchangeArguments(value.type, value.arguments).problems))
      issues.push({ code: 'custom', input: value, path: ['arguments', name], message });
  });
export type ExchangeDraft = z.output<typeof exchangeDraft>;

/** All that an exchange can be declared with, each explained. */
export function ExchangeForm({
  vhosts,
  exchanges,
}: {
  vhosts: readonly string[];
  /** Names to choose from; another one may be typed. */
  exchanges: readonly string[];
}) {
  const { value: type, ...typeField } = useController<ExchangeDraft, 'type'>({ name: 'type' }).field;
  const specs = exchangeArguments(type);
  return (
    <div className="grid gap-4">
      <Panel title="Exchange">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField name="name" label="Name" help="Names that begin with amq. belong to the broker." required />
          <SelectField name="vhost" label="Vhost" options={vhosts.map((value) => ({ value, label: value }))} />
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
                {...typeField}
                type="radio"
                className="mt-0.5 size-4 shrink-0 accent-accent-solid"
                value={entry.type}
                checked={type === entry.type}
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
              <ArgumentField key={spec.name} spec={spec} />
            ))}
          </div>
        </Panel>
      )}
      <Panel title="Features">
        <div className="grid gap-4 sm:grid-cols-2">
          <TickField name="durable" label="Durable" help="The exchange survives a restart of the broker." />
          <TickField
            name="autoDelete"
            label="Auto-delete"
            help="The exchange goes when the last binding from it goes."
          />
          <TickField
            name="internal"
            label="Internal"
            help="Programs cannot publish to it; only other exchanges bound to it can."
          />
          <SuggestField
            name="alternate"
            label="Alternate exchange"
            optional
            help="Gets what this exchange can route to no queue."
            suggestions={exchanges.map((value) => ({ value }))}
          />
        </div>
      </Panel>
    </div>
  );
}
