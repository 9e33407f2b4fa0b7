'use client';
import { type ArgumentSpec, DEFAULT_EXCHANGE_CHOICE } from '../../lib/client/queue-arguments.ts';
import { CheckField, Field, Select, TextInput } from '../ui/field.tsx';
import { SuggestInput } from '../ui/suggest-input.tsx';

const NUMBERS: readonly ArgumentSpec['kind'][] = ['milliseconds', 'count', 'bytes'];

/** One argument as a field of a form, with its help. */
export function ArgumentField({
  spec,
  text,
  problem,
  exchanges,
  onText,
}: {
  spec: Omit<ArgumentSpec, 'types' | 'group'> & { required?: true };
  text: string;
  problem: string | undefined;
  /** Names to choose from, where the argument is an exchange. */
  exchanges: readonly string[];
  onText: (text: string) => void;
}) {
  if (spec.kind === 'flag')
    return (
      <CheckField
        label={spec.label}
        help={spec.help}
        checked={text === 'true'}
        onChange={(checked) => onText(checked ? 'true' : '')}
      />
    );
  return (
    <Field label={spec.label} help={spec.help} problem={problem} optional={spec.kind !== 'choice' && !spec.required}>
      {(control) =>
        spec.kind === 'choice' ? (
          <Select {...control} value={text} onChange={(event) => onText(event.target.value)}>
            {spec.choices?.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        ) : spec.kind === 'exchange' ? (
          <SuggestInput
            {...control}
            name={spec.name}
            value={text}
            onChange={(event) => onText(event.target.value)}
            suggestions={exchanges.map((name) => ({ value: name === '' ? DEFAULT_EXCHANGE_CHOICE : name }))}
          />
        ) : (
          <TextInput
            {...control}
            name={spec.name}
            value={text}
            onChange={(event) => onText(event.target.value)}
            inputMode={NUMBERS.includes(spec.kind) ? 'numeric' : undefined}
          />
        )
      }
    </Field>
  );
}
