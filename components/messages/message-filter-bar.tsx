'use client';
import { X } from 'lucide-react';
import { useId } from 'react';
import { isFiltered, type MessageFilter } from '../../lib/client/message-filter.ts';
import { DEATH_REASONS } from '../../lib/figures/death-reason.ts';
import { Button } from '../ui/button.tsx';
import { useDelayedText } from '../ui/delayed-text.ts';
import { Select, TextInput } from '../ui/field.tsx';

const REASONS: Record<(typeof DEATH_REASONS)[number], string> = {
  rejected: 'rejected',
  expired: 'expired',
  maxlen: 'pushed out (maxlen)',
  delivery_limit: 'delivery limit',
};

/** What messages are looked for: by routing key, header and cause of death. */
export function MessageFilterBar({
  filter,
  withText = false,
  onChange,
}: {
  filter: MessageFilter;
  /** Filters by a text too, where the page has no field for that elsewhere. */
  withText?: boolean;
  onChange: (changes: { [part in keyof MessageFilter]: string }) => void;
}) {
  return (
    <search
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b px-3 py-2"
      aria-label="Which messages"
    >
      {withText && (
        <FilterText
          label="Containing text"
          hint="In exchange, routing key, properties or body"
          value={filter.containing ?? ''}
          onChange={(containing) => onChange({ containing })}
        />
      )}
      <FilterText
        label="Routing key pattern"
        hint="As of a topic binding: * stands for one word, # for any number"
        value={filter.key ?? ''}
        onChange={(key) => onChange({ key })}
      />
      <FilterText
        label="Header"
        hint="Its name"
        value={filter.header ?? ''}
        onChange={(header) => onChange({ header })}
      />
      <FilterText
        label="Header value"
        hint="Empty: the header need only be there"
        value={filter.headerValue ?? ''}
        disabled={filter.header === undefined}
        onChange={(headerValue) => onChange({ headerValue })}
      />
      <Select
        aria-label="Cause of death"
        className="w-44 text-xs"
        value={filter.reason ?? ''}
        onChange={(event) => onChange({ reason: event.target.value })}
      >
        <option value="">dead or not</option>
        {DEATH_REASONS.map((reason) => (
          <option key={reason} value={reason}>
            died: {REASONS[reason]}
          </option>
        ))}
      </Select>
      {isFiltered(filter) && (
        <Button
          kind="quiet"
          size="small"
          onClick={() => onChange({ containing: '', key: '', header: '', headerValue: '', reason: '' })}
        >
          <X aria-hidden />
          All messages
        </Button>
      )}
    </search>
  );
}

function FilterText({
  label,
  hint,
  value,
  disabled = false,
  onChange,
}: {
  label: string;
  hint: string;
  value: string;
  disabled?: boolean;
  onChange: (value: string) => void;
}) {
  const id = useId();
  const { text, setText, passOn } = useDelayedText(value, onChange);
  return (
    <div className="flex items-center gap-1.5" title={hint}>
      <label htmlFor={id} className="text-muted text-xs">
        {label}
      </label>
      <TextInput
        id={id}
        className="w-36 font-mono text-xs"
        disabled={disabled}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={passOn}
      />
    </div>
  );
}
