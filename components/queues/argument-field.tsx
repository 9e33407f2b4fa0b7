'use client';
import { type ArgumentSpec, DEFAULT_EXCHANGE_CHOICE } from '../../lib/client/queue-arguments.ts';
import { SelectField, SuggestField, TextField, TickField } from '../kit/form-fields.tsx';

const NUMBERS: readonly ArgumentSpec['kind'][] = ['milliseconds', 'count', 'bytes'];

/** One argument as a field of the form around it, with its help. Its text stands in `arguments` of the form. */
export function ArgumentField({
  spec,
  exchanges = [],
}: {
  spec: Omit<ArgumentSpec, 'types' | 'group'> & { required?: true };
  /** Names to choose from, where the argument is an exchange. */
  exchanges?: readonly string[];
}) {
  const field = { name: `arguments.${spec.name}`, label: spec.label, help: spec.help };
  const optional = !spec.required;
  if (spec.kind === 'flag') return <TickField {...field} texts={['', 'true']} />;
  if (spec.kind === 'choice') return <SelectField {...field} options={spec.choices ?? []} />;
  if (spec.kind === 'exchange')
    return (
      <SuggestField
        {...field}
        optional={optional}
        suggestions={exchanges.map((name) => ({ value: name === '' ? DEFAULT_EXCHANGE_CHOICE : name }))}
      />
    );
  return <TextField {...field} optional={optional} inputMode={NUMBERS.includes(spec.kind) ? 'numeric' : undefined} />;
}
