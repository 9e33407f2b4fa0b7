import type * as z from 'zod';
import type { Action } from '../audit/actions.ts';
import type { AuditNote } from '../audit/entry.ts';
import type { Actor } from '../engine/actor.ts';
import type { Role } from '../users/role.ts';
import type { Desk } from './desk.ts';

/** What a door knows of how an act came in. */
export interface Door {
  remoteAddress: string;
  /** For people, as 'by API'; '': through the console. */
  by: string;
}

/** What an act says of itself; its action, who did it, when and how it ended is known by whoever keeps it. */
export type ActNote = Omit<AuditNote, 'action'>;

/**
 * A verb: something that changes what is there, whichever door it is asked for at. `perform` asks for the role; the broker
 * checks permissions and every value; `input` says what a door that takes plain data lets through, and a door with words of
 * its own for it hands in what they mean.
 */
export interface Operation<S extends z.ZodType = z.ZodType, O = unknown, D extends Desk = Desk> {
  action: Action;
  /** What the actor must have; null: nothing, for nobody is signed in yet. */
  role: Role | null;
  input: S;
  run(desk: D, actor: Actor, input: z.output<S>, door: Door): Promise<O>;
  /** Reads what the act changes: the audit keeps what was there before the act and what is there after it. */
  subject?(desk: D, actor: Actor, input: z.output<S>): Promise<unknown>;
  /** The outcome of an act that ended without an error; left out: ok. */
  outcome?(output: O): string;
  /** `output` is undefined when the act was refused. Null: the act is kept elsewhere. */
  note(input: z.output<S>, output: O | undefined, outcome: string): ActNote | null;
}

/** Checks one operation's types against each other. */
export function operation<S extends z.ZodType, O, D extends Desk = Desk>(one: Operation<S, O, D>): Operation<S, O, D> {
  return one;
}

/** The parts of a detail that say something. */
export function detailOf(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
