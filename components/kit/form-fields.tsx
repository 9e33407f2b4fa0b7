'use client';
/** Fields that know their place in the form around them by their name. */
import type { ComponentProps, ReactNode } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import { CheckField, Field, Select, TextInput } from '../ui/field.tsx';
import { SuggestInput } from '../ui/suggest-input.tsx';

/** What is wrong with a field that somebody has begun. */
function useProblem(name: string): string | undefined {
  const { getFieldState, formState } = useFormContext();
  const { error, isDirty } = getFieldState(name, formState);
  return isDirty ? error?.message : undefined;
}

interface FieldProps {
  name: string;
  label: ReactNode;
  help?: ReactNode;
  optional?: boolean;
}

export function TextField({
  name,
  label,
  help,
  optional = false,
  ...input
}: FieldProps & Omit<ComponentProps<'input'>, keyof FieldProps>) {
  const problem = useProblem(name);
  const { field } = useController({ name });
  return (
    <Field label={label} help={help} optional={optional} problem={problem}>
      {(control) => <TextInput {...control} {...input} {...field} value={field.value ?? ''} />}
    </Field>
  );
}

/** Names to choose from; another one may be typed. */
export function SuggestField({
  name,
  label,
  help,
  optional = false,
  suggestions,
}: FieldProps & Pick<ComponentProps<typeof SuggestInput>, 'suggestions'>) {
  const problem = useProblem(name);
  const { field } = useController({ name });
  return (
    <Field label={label} help={help} optional={optional} problem={problem}>
      {(control) => <SuggestInput {...control} {...field} value={field.value ?? ''} suggestions={suggestions} />}
    </Field>
  );
}

export function SelectField({
  name,
  label,
  help,
  options,
}: FieldProps & { options: readonly { value: string; label: string }[] }) {
  const problem = useProblem(name);
  const { field } = useController({ name });
  return (
    <Field label={label} help={help} problem={problem}>
      {(control) => (
        <Select {...control} {...field} value={field.value ?? ''}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** `texts`: what stands for off and on, where the field holds a text. */
export function TickField({ name, label, help, texts }: FieldProps & { texts?: readonly [string, string] }) {
  const { value, onChange } = useController({ name }).field;
  return (
    <CheckField
      label={label}
      help={help}
      checked={value === (texts?.[1] ?? true)}
      onChange={(checked) => onChange(texts === undefined ? checked : texts[checked ? 1 : 0])}
    />
  );
}
