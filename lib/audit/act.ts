import type { Actor } from '../engine/actor.ts';
import { engineErrorCode } from '../engine/errors.ts';
import { currentLog, errorText } from '../log.ts';
import type { AuditLog } from './audit-log.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { AuditNote } from './entry.ts';

/** An act on its way into the audit. */
export interface AuditedAct<T> {
  audit: Pick<AuditLog, 'add'>;
  actor: Actor;
  remoteAddress: string;
  /** Reads the object that is acted on, before and after; undefined or an error: it is not there. */
  subject?: (() => Promise<unknown>) | undefined;
  run: () => Promise<T>;
  /** `output` is undefined when the act was refused. Null: the act is kept elsewhere. */
  note: (output: T | undefined, outcome: string) => AuditNote | null;
  /** The code that a refusal is kept with. */
  codeOf: (error: unknown) => string;
}

/** Runs an act and keeps it in the audit, done or refused. */
export async function keepAct<T>(act: AuditedAct<T>): Promise<T> {
  const { audit, actor, remoteAddress, subject, run, note, codeOf } = act;
  const readSubject = async (): Promise<unknown> => subject?.().catch(() => undefined);
  const before = await readSubject();
  let output: T | undefined;
  let outcome = 'ok';
  let doubt = '';
  try {
    output = await run();
    return output;
  } catch (error) {
    outcome = codeOf(error);
    // A broker that did not answer in time may have done it all the same, and says so.
    if (engineErrorCode(error) === 'UNAVAILABLE') doubt = (error as Error).message;
    throw error;
  } finally {
    const noted = note(output, outcome);
    const difference = outcome === 'ok' && subject !== undefined ? differenceOf(before, await readSubject()) : {};
    const detail = [noted?.detail ?? '', doubt].filter((text) => text !== '').join(', ');
    if (noted !== null) await keepNote(audit, actor, remoteAddress, { ...noted, detail }, outcome, difference);
  }
}

/** Keeps the note of an act that is over: a log that cannot be written must not make the act look undone. */
export async function keepNote(
  audit: Pick<AuditLog, 'add'>,
  actor: Actor,
  remoteAddress: string,
  note: AuditNote,
  outcome: string,
  difference: Partial<Difference> = {},
): Promise<void> {
  const { action, vhost = null, object = null, detail = '' } = note;
  try {
    // Who signs in is nobody yet; the name that was tried is the object.
    const user = actor.user === '' ? (object ?? '') : actor.user;
    await audit.add({ at: new Date(), user, remoteAddress, action, vhost, object, detail, outcome, ...difference });
  } catch (error) {
    currentLog()('error', `audit: ${action} by ${actor.user} could not be kept: ${errorText(error)}`);
  }
}
