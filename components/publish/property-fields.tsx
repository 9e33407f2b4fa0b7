'use client';
import { type BuiltPublication, type PublicationDraft, TEXT_PROPERTIES } from '../../lib/client/publication-draft.ts';
import { FieldEditor } from '../messages/field-editor.tsx';
import { CheckField, Field, TextInput } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';

export function PropertyFields({
  draft,
  built,
  onChange,
}: {
  draft: PublicationDraft;
  built: BuiltPublication;
  onChange: (change: Partial<PublicationDraft>) => void;
}) {
  const { problems } = built;
  return (
    <Panel title="Properties">
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="content-type" problem={problems.contentType}>
          {(control) => (
            <TextInput
              {...control}
              value={draft.contentType}
              onChange={(event) => onChange({ contentType: event.target.value })}
            />
          )}
        </Field>
        <Field label="priority" problem={problems.priority} help="In queues with x-max-priority.">
          {(control) => (
            <TextInput
              {...control}
              inputMode="numeric"
              value={draft.priority}
              onChange={(event) => onChange({ priority: event.target.value })}
            />
          )}
        </Field>
        <Field label="expiration (ms)" problem={problems.expiration} help="Dies when it waits longer.">
          {(control) => (
            <TextInput
              {...control}
              inputMode="numeric"
              value={draft.expiration}
              onChange={(event) => onChange({ expiration: event.target.value })}
            />
          )}
        </Field>
        <div className="sm:col-span-3">
          <CheckField
            label="Persistent"
            help="delivery-mode 2: survives a restart in a durable queue."
            checked={draft.persistent}
            onChange={(persistent) => onChange({ persistent })}
          />
        </div>
      </div>
      <div className="mt-4 border-line border-t pt-3">
        <FieldEditor
          label="Headers"
          noun="header"
          drafts={draft.headers}
          problems={built.headerProblems}
          onChange={(headers) => onChange({ headers })}
        />
      </div>
      <details className="mt-4 border-line border-t pt-3">
        <summary className="rounded-sm font-medium text-muted text-xs hover:text-ink">More properties</summary>
        <div className="mt-3 grid gap-4 sm:grid-cols-3">
          {TEXT_PROPERTIES.map(({ key, label, help }) => (
            <Field key={key} label={label} help={help} problem={problems[key]}>
              {(control) => (
                <TextInput
                  {...control}
                  value={draft.texts[key] ?? ''}
                  onChange={(event) => onChange({ texts: { ...draft.texts, [key]: event.target.value } })}
                />
              )}
            </Field>
          ))}
          <Field label="timestamp (s)" problem={problems.timestamp} help="Seconds since 1970.">
            {(control) => (
              <TextInput
                {...control}
                inputMode="numeric"
                value={draft.timestamp}
                onChange={(event) => onChange({ timestamp: event.target.value })}
              />
            )}
          </Field>
        </div>
      </details>
    </Panel>
  );
}
