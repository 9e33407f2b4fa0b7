'use client';
import { type ComponentProps, useId } from 'react';
import { TextInput } from './field.tsx';

export interface Suggestion {
  value: string;
  label?: string;
}

/** A text that may be one of those suggested; the caller finds them by what is typed. */
export function SuggestInput({
  suggestions,
  ...props
}: ComponentProps<typeof TextInput> & { suggestions: readonly Suggestion[] }) {
  const listId = useId();
  return (
    <>
      <TextInput {...props} list={listId} />
      <datalist id={listId}>
        {suggestions.map(({ value, label }) => (
          <option key={value} value={value} label={label} />
        ))}
      </datalist>
    </>
  );
}
