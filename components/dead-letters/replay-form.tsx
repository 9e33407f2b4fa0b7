'use client';
import { useId, useState } from 'react';
import type { ReplayPlan } from '../../lib/client/dead-letters.ts';
import { plural } from '../../lib/client/formats.ts';
import { Button } from '../ui/button.tsx';
import { useDelayedText } from '../ui/delayed-text.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { CheckField, Field, TextInput } from '../ui/field.tsx';
import { ReplayPlanNote } from './replay-plan-note.tsx';

/** What is to be replayed: some messages, or all that are there when the replay begins. */
export type ReplayScope =
  | { kind: 'messages'; positions: readonly string[] }
  | { kind: 'all' /** Only those that were searched for. */; searching: boolean };

export interface ReplayOptions {
  /** '': none is chosen. */
  target: string;
  targetFor: 'all' | 'needing';
  force: boolean;
  pushOut: boolean;
}

export const NO_OPTIONS: ReplayOptions = { target: '', targetFor: 'all', force: false, pushOut: false };

export interface ReplayFormProps {
  scope: ReplayScope;
  queue: string;
  queues: readonly string[];
  options: ReplayOptions;
  /** Undefined: the plan is being worked out. */
  plan: ReplayPlan | undefined;
  /** The plan is still that of the options before. */
  planning: boolean;
  planError: string | undefined;
  busy: boolean;
  error: string | undefined;
  onOptions: (options: Partial<ReplayOptions>) => void;
  onClose: () => void;
  onReplay: () => void;
}

/** From so many messages on the queue's name has to be typed first. */
const TYPE_FROM = 1000;

export function ReplayForm(props: ReplayFormProps) {
  const { scope, queue, options, plan, planning, planError, busy, error, onOptions, onClose, onReplay } = props;
  const [typed, setTyped] = useState('');
  const isLarge = plan !== undefined && (plan.moves >= TYPE_FROM || !plan.complete);
  const mayGo = plan !== undefined && plan.refusal === null && (plan.moves > 0 || !plan.complete);
  const ready = mayGo && !planning && (!isLarge || typed === queue);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) onReplay();
      }}
    >
      {planError !== undefined ? (
        <ErrorNote title="What would be moved could not be worked out">{planError}</ErrorNote>
      ) : plan?.refusal != null ? (
        <ErrorNote title="Nothing would be moved">{plan.refusal}</ErrorNote>
      ) : (
        <ReplayPlanNote
          plan={plan}
          onChooseHint={(target) => onOptions({ target, targetFor: 'needing' })}
          chosen={options.target}
        />
      )}
      {scope.kind === 'all' && (
        <p className="text-muted">
          Only what is there when it begins: messages that fail again and come back are not taken a second time.
        </p>
      )}
      <TargetFields {...props} />
      {((plan?.guarded ?? 0) > 0 || options.force) && (
        <CheckField
          label="Also what has come back three times"
          help={
            options.force
              ? 'They will most likely come back again.'
              : `${plural(plan?.guarded ?? 0, 'message')} here. They will most likely come back again.`
          }
          checked={options.force}
          onChange={(force) => onOptions({ force })}
        />
      )}
      {((plan?.full ?? 0) > 0 || options.pushOut) && (
        <CheckField
          label="Push out the oldest messages of full queues"
          help={
            options.pushOut
              ? `${plural(plan?.pushedOut ?? 0, 'message')} or more that wait there would die for those that come.`
              : `${plural(plan?.full ?? 0, 'message')} would find no room otherwise, and stay. What is pushed out dies of maxlen.`
          }
          checked={options.pushOut}
          onChange={(pushOut) => onOptions({ pushOut })}
        />
      )}
      {isLarge && mayGo && (
        <Field
          label={
            <>
              Type <code className="break-all rounded-sm bg-sunken px-1 font-mono">{queue}</code> to confirm
            </>
          }
        >
          {(control) => <TextInput {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </Field>
      )}
      {error !== undefined && <ErrorNote title="The broker refused it">{error}</ErrorNote>}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          kind="primary"
          disabled={!ready}
          busy={busy}
          title={mayGo || plan === undefined ? undefined : 'All would stay here'}
        >
          {buttonText(plan)}
        </Button>
      </div>
    </form>
  );
}

function buttonText(plan: ReplayPlan | undefined): string {
  if (plan === undefined) return 'Replay';
  if (plan.complete) return `Replay ${plural(plan.moves, 'message')}`;
  return plan.moves === 0 ? 'Replay what can go' : `Replay ${plural(plan.moves, 'message')} or more`;
}

function TargetFields({ queue, queues, options, onOptions }: ReplayFormProps) {
  const listId = useId();
  const { text, setText, passOn } = useDelayedText(options.target, (target) => onOptions({ target }));
  return (
    <>
      <Field
        label="Send to another queue instead"
        optional
        help="It must exist. Empty: each goes back to where the broker saw it die."
      >
        {(control) => (
          <>
            <TextInput
              {...control}
              list={listId}
              value={text}
              onChange={(event) => setText(event.target.value)}
              onBlur={passOn}
            />
            <datalist id={listId}>
              {queues
                .filter((name) => name !== queue)
                .map((name) => (
                  <option key={name} value={name} />
                ))}
            </datalist>
          </>
        )}
      </Field>
      {options.target !== '' && (
        <CheckField
          label="Only those that need a target"
          help="The others go back to where the broker saw them die."
          checked={options.targetFor === 'needing'}
          onChange={(on) => onOptions({ targetFor: on ? 'needing' : 'all' })}
        />
      )}
    </>
  );
}
