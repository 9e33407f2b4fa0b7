'use client';
/** Fields that know their place in the form around them by their name. */
import type { ComponentProps, ReactNode } from 'react';
import { useController } from 'react-hook-form';
import { CheckField, Field, Select, TextInput } from '../ui/field.tsx';
import { SuggestInput } from '../ui/suggest-input.tsx';

/** A field of the form around it, and what is wrong with it once somebody has begun it. */
function useField(name: string) {
  const { field, fieldState } = useController({ name });
  return { field, problem: fieldState.isDirty ? fieldState.error?.message : undefined };
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
  const { field, problem } = useField(name);
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
  const { field, problem } = useField(name);
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
  const { field, problem } = useField(name);
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
