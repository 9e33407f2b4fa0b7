'use client';
import { useFormContext } from 'react-hook-form';
import * as z from 'zod/mini';
import { type ArgumentSpec, argumentsOf, buildArguments, QUEUE_TYPES } from '../../lib/client/queue-arguments.ts';
import { shortText } from '../../lib/client/short-text.ts';
import { SelectField, TextField, TickField } from '../kit/form-fields.tsx';
import { Panel } from '../ui/panel.tsx';
import { ArgumentField } from './argument-field.tsx';

/** A queue as it is written; `durable` and `autoDelete` are of a classic one, others are durable and stay. */
export const queueDraft = z
  .object({
    vhost: z.string(),
    name: shortText,
    type: z.enum(QUEUE_TYPES.map(({ type }) => type)),
    durable: z.boolean(),
    autoDelete: z.boolean(),
    arguments: z.record(z.string(), z.optional(z.string())),
  })
  .check(({ value, issues }) => {
    if (value.name === '' && value.type !== 'classic') issues.push(problem(value, ['name'], 'It needs one.'));
    for (const [name, message] of Object.entries(buildArguments(value.arguments, value.type).problems))
      issues.push(problem(value, ['arguments', name], message));
  });
export type QueueDraft = z.output<typeof queueDraft>;

const problem = (input: unknown, path: string[], message: string) =>
  ({ code: 'custom', input, path, message }) as const;

const GROUPS: readonly { group: ArgumentSpec['group']; title: string }[] = [
  { group: 'dead-letters', title: 'Dead letters' },
  { group: 'lifetime', title: 'Lifetime' },
  { group: 'length', title: 'Length' },
  { group: 'delivery', title: 'Delivery' },
];

/** All that a queue can be declared with, each explained. */
export function QueueForm({
  vhosts,
  exchanges,
}: {
  vhosts: readonly string[];
  /** Names to choose from; another one may be typed. */
  exchanges: readonly string[];
}) {
  const type = useFormContext<QueueDraft>().watch('type');
  const isClassic = type === 'classic';
  const specs = argumentsOf(type);
  const groups = GROUPS.map(({ group, title }) => ({
    group,
    title,
    specs: specs.filter((spec) => spec.group === group),
  })).filter((shown) => shown.specs.length > 0);
  return (
    <div className="grid gap-4">
      <Panel title="Queue">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="name"
            label="Name"
            help={isClassic ? 'Left empty, the broker makes one up (amq.gen-…).' : 'It needs one.'}
          />
          <SelectField name="vhost" label="Vhost" options={vhosts.map((value) => ({ value, label: value }))} />
          <SelectField
            name="type"
            label="Type"
            help={QUEUE_TYPES.find((one) => one.type === type)?.help}
            options={QUEUE_TYPES.map(({ type: value, label }) => ({ value, label }))}
          />
          {isClassic && (
            <>
              <TickField
                name="durable"
                label="Durable"
                help="The queue survives a restart of the broker; so do its persistent messages."
              />
              <TickField
                name="autoDelete"
                label="Auto-delete"
                help="The queue goes when its last consumer goes. It stays as long as nobody has consumed from it."
              />
            </>
          )}
        </div>
      </Panel>
      {groups.map(({ group, title, specs: shown }) => (
        <Panel key={group} title={title}>
          <div className="grid gap-4 sm:grid-cols-2">
            {shown.map((spec) => (
              <ArgumentField key={spec.name} spec={spec} exchanges={exchanges} />
            ))}
          </div>
        </Panel>
      ))}
    </div>
  );
}
