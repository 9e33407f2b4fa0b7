import type { Actor } from '../engine/port.ts';
import { currentLog, errorText } from '../log.ts';
import { changeOf } from './change.ts';
import type { Desk } from './desk.ts';
import type { AuditNote } from './route.ts';

/** An act on its way into the audit. */
export interface Act<T> {
  desk: Desk;
  actor: Actor;
  remoteAddress: string;
  /** Reads what is acted on, before and after; undefined or an error: it is not there. */
  subject?: (() => Promise<unknown>) | undefined;
  run: () => Promise<T>;
  /** `output` is undefined when the act was refused. */
  note: (output: T | undefined) => AuditNote;
  /** The code that a refusal is kept with. */
  codeOf: (error: unknown) => string;
}

/** Does it and keeps it, done or refused. */
export async function keepAct<T>({ desk, actor, remoteAddress, subject, run, note, codeOf }: Act<T>): Promise<T> {
  const look = async (): Promise<unknown> => subject?.().catch(() => undefined);
  const before = await look();
  let output: T | undefined;
  let outcome = 'ok';
  try {
    output = await run();
    return output;
  } catch (error) {
    outcome = codeOf(error);
    throw error;
  } finally {
    desk.listings.forget();
    const change = outcome === 'ok' && subject !== undefined ? changeOf(before, await look()) : {};
    await keepNote(desk, actor, remoteAddress, note(output), outcome, change);
  }
}

/** The act is over by now: a log that cannot be written must not make it look undone. */
export async function keepNote(
  desk: Desk,
  actor: Actor,
  remoteAddress: string,
  note: AuditNote,
  outcome: string,
  change: { before?: string | null; after?: string | null } = {},
): Promise<void> {
  const { action, vhost = null, object = null, detail = '' } = note;
  try {
    // Who signs in is nobody yet; the name that was tried is the object.
    const user = actor.user === '' ? (object ?? '') : actor.user;
    await desk.audit.add({ at: new Date(), user, remoteAddress, action, vhost, object, detail, outcome, ...change });
  } catch (error) {
    currentLog()('error', `audit: ${action} by ${actor.user} could not be kept: ${errorText(error)}`);
  }
}
