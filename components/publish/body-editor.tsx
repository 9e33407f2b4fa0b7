'use client';
import { useId, useState } from 'react';
import { indent } from '../../lib/client/body.ts';
import { BODY_FORMS, type BodyForm, type PublicationDraft } from '../../lib/client/publication-draft.ts';
import { Button } from '../ui/button.tsx';
import { TextArea } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Segmented } from '../ui/segmented.tsx';

const LABELS: Record<BodyForm, string> = { json: 'JSON', text: 'Text', base64: 'Base64' };

export function BodyEditor({
  draft,
  problem,
  onChange,
}: {
  draft: PublicationDraft;
  problem: string | undefined;
  onChange: (change: Partial<PublicationDraft>) => void;
}) {
  const id = useId();
  /** Why the text was not indented; gone with the next change. */
  const [refusal, setRefusal] = useState<string>();
  const write = (body: string) => {
    setRefusal(undefined);
    onChange({ body });
  };
  const indentBody = () => {
    const done = indent(draft.body);
    if ('text' in done) write(done.text);
    else setRefusal(done.problem);
  };
  const isJson = draft.bodyForm === 'json';
  return (
    <Panel
      title="Body"
      actions={
        <>
          {isJson && (
            <Button size="small" kind="quiet" disabled={problem !== undefined} onClick={indentBody}>
              Indent
            </Button>
          )}
          <Segmented
            label="Write the body as"
            value={draft.bodyForm}
            options={BODY_FORMS.map((value) => ({ value, label: LABELS[value] }))}
            onChange={(bodyForm) => onChange({ bodyForm })}
          />
        </>
      }
    >
      <TextArea
        aria-label="Body"
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={`${id}-problem`}
        rows={9}
        value={draft.body}
        onChange={(event) => write(event.target.value)}
      />
      <p id={`${id}-problem`} className="mt-1 min-h-4 text-danger text-xs">
        {problem ?? refusal}
      </p>
    </Panel>
  );
}
