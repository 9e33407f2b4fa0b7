'use client';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';
import { Field, TextInput } from './field.tsx';

/**
 * Asks before what cannot be undone: what it does, to what, and how much. `typeToConfirm` is a text that must be typed
 * first, for what is large.
 */
export function ConfirmDialog({
  open,
  onClose,
  onConfirm,
  title,
  consequence,
  verb,
  destructive = true,
  typeToConfirm,
  busy,
  error,
  children,
}: {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: ReactNode;
  consequence: ReactNode;
  verb: string;
  destructive?: boolean;
  typeToConfirm?: string | undefined;
  busy: boolean;
  error?: string | undefined;
  children?: ReactNode;
}) {
  const [typed, setTyped] = useState('');
  const ready = typeToConfirm === undefined || typed === typeToConfirm;
  const close = () => {
    setTyped('');
    onClose();
  };
  return (
    <Dialog open={open} onClose={close} title={title} description={consequence}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) onConfirm();
        }}
      >
        {children}
        {typeToConfirm !== undefined && (
          <Field
            label={
              <>
                Type <code className="break-all rounded-sm bg-sunken px-1 font-mono">{typeToConfirm}</code> to confirm
              </>
            }
          >
            {(control) => <TextInput {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />}
          </Field>
        )}
        {error !== undefined && <ErrorNote>{error}</ErrorNote>}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind={destructive ? 'destructive' : 'primary'} disabled={!ready} busy={busy}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
