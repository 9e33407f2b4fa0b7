import type * as z from 'zod';
import { differenceOf } from '../audit/difference.ts';
import { keepNote } from '../audit/keep-note.ts';
import type { Actor } from '../engine/actor.ts';
import { engineErrorCode } from '../engine/errors.ts';
import { refusalCode } from '../web/refusal.ts';
import type { Desk } from './desk.ts';
import { type Door, detailOf, type Operation } from './operation.ts';
import { roleRefusalNow } from './required-role.ts';

/** Who acts, on what, and how it came in. */
export interface Doer<D extends Desk = Desk> {
  desk: D;
  actor: Actor;
  door: Door;
}

/** What a door does as a part of an act; when that is refused, so is the act. */
export interface DoorsPart<I, O> {
  /** The input in full, where the door knows only a part of it; refused, the audit has the part. */
  lookUp?: ((named: I) => Promise<I>) | undefined;
  /** What is left to do when the broker has done it. */
  conclude?: (output: O) => Promise<void>;
}

/** Asks whether the actor may, does it, and keeps it, done or refused. */
export async function perform<S extends z.ZodType, O, D extends Desk>(
  operation: Operation<S, O, D>,
  named: z.output<S>,
  { desk, actor, door }: Doer<D>,
  { lookUp, conclude }: DoorsPart<z.output<S>, O> = {},
): Promise<O> {
  const { action, role } = operation;
  const readSubject = async (): Promise<unknown> => operation.subject?.(desk, actor, input).catch(() => undefined);
  let input = named;
  let before: unknown;
  let output: O | undefined;
  let outcome = 'ok';
  let doubt = '';
  try {
    const refusal = role === null ? null : await roleRefusalNow(desk.engine, actor, role);
    if (refusal !== null) throw refusal;
    if (lookUp !== undefined) input = await lookUp(named);
    before = await readSubject();
    output = await operation.run(desk, actor, input, door);
    await conclude?.(output);
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
      const difference = hasChanged ? differenceOf(before, await readSubject()) : {};
      const note = {
        ...noted,
        action,
        detail: detailOf(noted.detail ?? '', actor.kind === 'job' ? `by job '${actor.job}'` : door.by, doubt),
      };
      await keepNote(desk.audit, actor, door.remoteAddress, note, outcome, difference);
    }
  }
}
