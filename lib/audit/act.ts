import { engineErrorCode } from '../engine/errors.ts';
import type { Actor } from '../engine/port.ts';
import { currentLog, errorText } from '../log.ts';
import { secretsOf } from './actions.ts';
import type { AuditLog } from './audit-log.ts';
import { changeOf } from './change.ts';
import type { AuditNote } from './entry.ts';

/** An act on its way into the audit. */
export interface AuditedAct<T> {
  audit: Pick<AuditLog, 'add'>;
  actor: Actor;
  remoteAddress: string;
  /** Reads what is acted on, before and after; undefined or an error: it is not there. */
  subject?: (() => Promise<unknown>) | undefined;
  run: () => Promise<T>;
  /** `output` is undefined when the act was refused. Null: it is kept elsewhere. */
  note: (output: T | undefined, outcome: string) => AuditNote | null;
  /** The code that a refusal is kept with. */
  codeOf: (error: unknown) => string;
}

/** Does it and keeps it, done or refused. */
export async function keepAct<T>(act: AuditedAct<T>): Promise<T> {
  const { audit, actor, remoteAddress, subject, run, note, codeOf } = act;
  const look = async (): Promise<unknown> => subject?.().catch(() => undefined);
  const before = await look();
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
    if (noted !== null) {
      const secrets = secretsOf(noted.action);
      const change = outcome === 'ok' && subject !== undefined ? changeOf(before, await look(), secrets) : {};
      const detail = [noted.detail ?? '', doubt].filter((text) => text !== '').join(', ');
      await keepNote(audit, actor, remoteAddress, { ...noted, detail }, outcome, change);
    }
  }
}

/** The act is over by now: a log that cannot be written must not make it look undone. */
export async function keepNote(
  audit: Pick<AuditLog, 'add'>,
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
    await audit.add({ at: new Date(), user, remoteAddress, action, vhost, object, detail, outcome, ...change });
  } catch (error) {
    currentLog()('error', `audit: ${action} by ${actor.user} could not be kept: ${errorText(error)}`);
  }
}
