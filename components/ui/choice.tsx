import type { ComponentProps } from 'react';
import { Select } from './field.tsx';

/** One of many, whose label is not in sight. `options` are the labels by value. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  ...props
}: {
  label: string;
  value: T;
  options: Readonly<Record<T, string>>;
  onChange: (value: T) => void;
} & Omit<ComponentProps<'select'>, 'value' | 'onChange' | 'children'>) {
  return (
    <Select aria-label={label} value={value} onChange={(event) => onChange(event.target.value as T)} {...props}>
      {Object.entries<string>(options).map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </Select>
  );
}
