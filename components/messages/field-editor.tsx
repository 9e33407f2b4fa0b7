'use client';
import { Plus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { type FieldDraft, newFieldDraft } from '../../lib/client/field-drafts.ts';
import { FIELD_KIND_LABELS, FIELD_KINDS, type FieldKind } from '../../lib/client/fields.ts';
import { Button } from '../ui/button.tsx';
import { Select, TextArea, TextInput } from '../ui/field.tsx';

const PLACEHOLDERS: Record<FieldKind, string> = {
  string: 'text',
  integer: '42',
  number: '2.5',
  boolean: 'true or false',
  timestamp: '1700000000',
  bytes: 'aGVsbG8=',
  json: '{"a": [1, 2]}',
  void: 'nothing',
};

/** Writes a field table: names, types, values. */
export function FieldEditor({
  label,
  noun,
  drafts,
  problems,
  actions,
  onChange,
}: {
  label: string;
  /** What one entry is called. */
  noun: string;
  drafts: readonly FieldDraft[];
  problems: Readonly<Record<number, string>>;
  /** Further buttons beside the one that adds. */
  actions?: ReactNode;
  onChange: (drafts: FieldDraft[]) => void;
}) {
  const change = (id: number, changes: Partial<FieldDraft>) =>
    onChange(drafts.map((draft) => (draft.id === id ? { ...draft, ...changes } : draft)));
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium text-xs">{label}</legend>
      {drafts.map((draft, i) => (
        <div key={draft.id} className="flex flex-col gap-1">
          <div className="flex flex-wrap items-start gap-2 sm:flex-nowrap">
            <TextInput
              aria-label={`${noun} ${i + 1} name`}
              placeholder="name"
              className="font-mono text-xs sm:w-2/5"
              value={draft.name}
              onChange={(event) => change(draft.id, { name: event.target.value })}
            />
            <Select
              aria-label={`${noun} ${i + 1} type`}
              className="sm:w-40 sm:shrink-0"
              value={draft.kind}
              onChange={(event) => change(draft.id, { kind: event.target.value as FieldKind })}
            >
              {FIELD_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {FIELD_KIND_LABELS[kind]}
                </option>
              ))}
            </Select>
            <ValueInput
              label={`${noun} ${i + 1} value`}
              draft={draft}
              flawed={problems[draft.id] !== undefined}
              onText={(text) => change(draft.id, { text })}
            />
            <Button
              kind="quiet"
              size="icon"
              aria-label={`Remove ${noun} ${i + 1}`}
              onClick={() => onChange(drafts.filter(({ id }) => id !== draft.id))}
            >
              <Trash2 aria-hidden />
            </Button>
          </div>
          {problems[draft.id] !== undefined && <p className="text-danger text-xs">{problems[draft.id]}</p>}
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={() => onChange([...drafts, newFieldDraft()])}>
          <Plus aria-hidden />
          Add {noun}
        </Button>
        {actions}
      </div>
    </fieldset>
  );
}

function ValueInput({
  label,
  draft,
  flawed,
  onText,
}: {
  label: string;
  draft: FieldDraft;
  flawed: boolean;
  onText: (text: string) => void;
}) {
  const shared = {
    'aria-label': label,
    'aria-invalid': flawed || undefined,
    placeholder: PLACEHOLDERS[draft.kind],
    value: draft.text,
  };
  if (draft.kind === 'boolean')
    return (
      <Select {...shared} onChange={(event) => onText(event.target.value)}>
        <option value="">choose</option>
        <option>true</option>
        <option>false</option>
      </Select>
    );
  if (draft.kind === 'json') return <TextArea {...shared} rows={2} onChange={(event) => onText(event.target.value)} />;
  return (
    <TextInput
      {...shared}
      className="font-mono text-xs"
      disabled={draft.kind === 'void'}
      onChange={(event) => onText(event.target.value)}
    />
  );
}
