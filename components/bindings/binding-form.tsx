'use client';
import { type FormEvent, useState } from 'react';
import type { BindingInfo } from '../../lib/client/bindings.ts';
import { buildFields, type FieldDraft, newFieldDraft } from '../../lib/client/field-drafts.ts';
import { FieldEditor } from '../messages/field-editor.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Select, TextInput } from '../ui/field.tsx';
import { SuggestInput } from '../ui/suggest-input.tsx';

const KEY_HELP: Record<string, string> = {
  direct: 'Messages with exactly this key.',
  fanout: 'A fanout exchange ignores the key.',
  topic: 'Words between dots: * stands for one word, # for any number of them.',
  headers: 'A headers exchange ignores the key and compares the arguments with the headers of the message.',
};

export interface BindingEnds {
  source: string;
  destinationType: BindingInfo['destinationType'];
  destination: string;
}

/** Adds a binding; one end is given by the page, the other is chosen. */
export function BindingForm({
  vhost,
  fixed,
  exchanges,
  queues,
  busy,
  error,
  onTyped,
  onBind,
}: {
  vhost: string;
  fixed:
    | { end: 'source'; name: string; type: string }
    | { end: 'destination'; destinationType: BindingInfo['destinationType']; name: string };
  /** Exchanges with the typed text in their names. */
  exchanges: readonly { name: string; type: string }[];
  queues: readonly string[];
  busy: boolean;
  error: string | undefined;
  /** The name of the other end, as far as it is typed. */
  onTyped: (text: string) => void;
  /** Calls `done` when the binding is there. */
  onBind: (binding: BindingInfo, done: () => void) => void;
}) {
  const [other, setOther] = useState('');
  const [otherType, setOtherType] = useState<BindingInfo['destinationType']>('queue');
  const [routingKey, setRoutingKey] = useState('');
  const [drafts, setDrafts] = useState<FieldDraft[]>([]);
  const built = buildFields(drafts);
  const source = fixed.end === 'source' ? fixed.name : other;
  const sourceType = fixed.end === 'source' ? fixed.type : exchanges.find(({ name }) => name === source)?.type;
  const otherIsQueue = fixed.end === 'source' && otherType === 'queue';
  // Nothing can be bound to or from the default exchange.
  const bindable = exchanges.filter(({ name }) => name !== '' && name !== fixed.name);
  const ready = other !== '' && Object.keys(built.problems).length === 0;

  const type = (text: string) => {
    setOther(text);
    onTyped(text);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const ends: BindingEnds =
      fixed.end === 'source'
        ? { source, destinationType: otherType, destination: other }
        : { source, destinationType: fixed.destinationType, destination: fixed.name };
    onBind({ vhost, ...ends, routingKey, arguments: built.table }, () => {
      type('');
      setRoutingKey('');
      setDrafts([]);
    });
  };

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start gap-3">
        {fixed.end === 'source' && (
          <Field label="To a" className="w-28">
            {(control) => (
              <Select
                {...control}
                value={otherType}
                onChange={(event) => {
                  setOtherType(event.target.value as BindingInfo['destinationType']);
                  type('');
                }}
              >
                <option value="queue">queue</option>
                <option value="exchange">exchange</option>
              </Select>
            )}
          </Field>
        )}
        <Field label={fixed.end === 'source' ? 'Name' : 'From exchange'} className="min-w-48 flex-1">
          {(control) => (
            <SuggestInput
              {...control}
              value={other}
              onChange={(event) => type(event.target.value)}
              suggestions={
                otherIsQueue
                  ? queues.map((value) => ({ value }))
                  : bindable.map(({ name: value, type: label }) => ({ value, label: `${value} (${label})` }))
              }
            />
          )}
        </Field>
        <Field
          label="Routing key"
          className="min-w-48 flex-1"
          help={sourceType === undefined ? undefined : KEY_HELP[sourceType]}
        >
          {(control) => (
            <TextInput
              {...control}
              className="font-mono text-xs"
              value={routingKey}
              onChange={(event) => setRoutingKey(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" kind="primary" className="mt-5" disabled={!ready} busy={busy}>
          Add binding
        </Button>
      </div>
      {(sourceType === 'headers' || drafts.length > 0) && (
        <FieldEditor label="Arguments" noun="argument" drafts={drafts} problems={built.problems} onChange={setDrafts} />
      )}
      {sourceType === 'headers' && drafts.length === 0 && (
        <div className="flex flex-wrap items-center gap-2 text-muted text-xs">
          Start with
          <Button size="small" onClick={() => setDrafts([newFieldDraft('x-match', 'string', 'all'), newFieldDraft()])}>
            x-match = all
          </Button>
          <Button size="small" onClick={() => setDrafts([newFieldDraft('x-match', 'string', 'any'), newFieldDraft()])}>
            x-match = any
          </Button>
        </div>
      )}
      {error !== undefined && <ErrorNote title="The broker refused it">{error}</ErrorNote>}
    </form>
  );
}
