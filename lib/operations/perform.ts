import type * as z from 'zod';
import { secretsOf } from '../audit/actions.ts';
import { differenceOf } from '../audit/difference.ts';
import { keepNote } from '../audit/keep-note.ts';
import type { Actor } from '../engine/actor.ts';
import { engineErrorCode } from '../engine/errors.ts';
import { refusalCode } from '../web/refusal.ts';
import type { Desk } from './desk.ts';
import { type Door, detailOf, type Operation } from './operation.ts';

/** Who acts, on what, and how it came in. */
export interface Doer<D extends Desk = Desk> {
  desk: D;
  actor: Actor;
  door: Door;
}

/**
 * Does it and keeps it, done or refused. `around`: what the door does before or after it as a part of the act; when that
 * is refused, so is the act.
 */
export async function perform<S extends z.ZodType, O, D extends Desk>(
  operation: Operation<S, O, D>,
  input: z.output<S>,
  { desk, actor, door }: Doer<D>,
  around: (run: () => Promise<O>) => Promise<O> = (run) => run(),
): Promise<O> {
  const { action } = operation;
  const readSubject = async (): Promise<unknown> => operation.subject?.(desk, actor, input).catch(() => undefined);
  const before = await readSubject();
  let output: O | undefined;
  let outcome = 'ok';
  let doubt = '';
  try {
    output = await around(() => operation.run(desk, actor, input, door));
    outcome = operation.outcome?.(output) ?? 'ok';
    return output;
  } catch (error) {
    outcome = refusalCode(error);
    // A broker that did not answer in time may have done it all the same, and says so.
    if (engineErrorCode(error) === 'UNAVAILABLE') doubt = (error as Error).message;
    throw error;
  } finally {
    const noted = operation.note(input, output, outcome);
    if (noted !== null) {
      const hasChanged = outcome === 'ok' && operation.subject !== undefined;
      const difference = hasChanged ? differenceOf(before, await readSubject(), secretsOf(action)) : {};
      const note = { ...noted, action, detail: detailOf(noted.detail ?? '', door.by, doubt) };
      await keepNote(desk.audit, actor, door.remoteAddress, note, outcome, difference);
    }
  }
}
