'use client';
import {
  type ArgumentSpec,
  type ArgumentTexts,
  argumentsOf,
  QUEUE_TYPES,
  type QueueType,
} from '../../lib/client/queue-arguments.ts';
import { CheckField, Field, Select, TextInput } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { ArgumentField } from './argument-field.tsx';

export interface QueueDraft {
  vhost: string;
  name: string;
  type: QueueType;
  /** Whether a classic queue is durable; others always are, and stay. */
  durable: boolean;
  autoDelete: boolean;
  arguments: ArgumentTexts;
}

const GROUPS: readonly { group: ArgumentSpec['group']; title: string }[] = [
  { group: 'dead-letters', title: 'Dead letters' },
  { group: 'lifetime', title: 'Lifetime' },
  { group: 'length', title: 'Length' },
  { group: 'delivery', title: 'Delivery' },
];

/** All that a queue can be declared with, each explained. */
export function QueueForm({
  draft,
  onChange,
  problems,
  vhosts,
  exchanges,
}: {
  draft: QueueDraft;
  onChange: (change: Partial<QueueDraft>) => void;
  problems: Readonly<Record<string, string>>;
  vhosts: readonly string[];
  /** Names to choose from; another one may be typed. */
  exchanges: readonly string[];
}) {
  const isClassic = draft.type === 'classic';
  const specs = argumentsOf(draft.type);
  const groups = GROUPS.map(({ group, title }) => ({
    group,
    title,
    specs: specs.filter((spec) => spec.group === group),
  })).filter((shown) => shown.specs.length > 0);
  return (
    <div className="grid gap-4">
      <Panel title="Queue">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" help={isClassic ? 'Left empty, the broker makes one up (amq.gen-…).' : 'It needs one.'}>
            {(control) => (
              <TextInput
                {...control}
                name="name"
                value={draft.name}
                onChange={(event) => onChange({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label="Vhost">
            {(control) => (
              <Select {...control} value={draft.vhost} onChange={(event) => onChange({ vhost: event.target.value })}>
                {vhosts.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Type" help={QUEUE_TYPES.find(({ type }) => type === draft.type)?.help}>
            {(control) => (
              <Select
                {...control}
                value={draft.type}
                onChange={(event) => onChange({ type: event.target.value as QueueType })}
              >
                {QUEUE_TYPES.map(({ type, label }) => (
                  <option key={type} value={type}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {isClassic && (
            <>
              <CheckField
                label="Durable"
                help="The queue survives a restart of the broker; so do its persistent messages."
                checked={draft.durable}
                onChange={(durable) => onChange({ durable })}
              />
              <CheckField
                label="Auto-delete"
                help="The queue goes when its last consumer goes. It stays as long as nobody has consumed from it."
                checked={draft.autoDelete}
                onChange={(autoDelete) => onChange({ autoDelete })}
              />
            </>
          )}
        </div>
      </Panel>
      {groups.map(({ group, title, specs }) => (
        <Panel key={group} title={title}>
          <div className="grid gap-4 sm:grid-cols-2">
            {specs.map((spec) => (
              <ArgumentField
                key={spec.name}
                spec={spec}
                text={draft.arguments[spec.name] ?? ''}
                problem={problems[spec.name]}
                exchanges={exchanges}
                onText={(text) => onChange({ arguments: { ...draft.arguments, [spec.name]: text } })}
              />
            ))}
          </div>
        </Panel>
      ))}
    </div>
  );
}
