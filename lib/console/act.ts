import type { Actor } from '../engine/port.ts';
import type { Desk } from './desk.ts';
import type { AuditNote } from './route.ts';

/** Keeps what was done or tried. The act is over by now: a log that cannot be written must not make it look undone. */
export async function keepAct(
  desk: Desk,
  actor: Actor,
  remoteAddress: string,
  note: AuditNote,
  outcome: string,
): Promise<void> {
  const { action, vhost = null, object = null, detail = '' } = note;
  try {
    // Who signs in is nobody yet; the name that was tried is the object.
    const user = actor.user === '' ? (object ?? '') : actor.user;
    await desk.audit.add({ at: new Date(), user, remoteAddress, action, vhost, object, detail, outcome });
  } catch (error) {
    console.error(`audit: ${action} by ${actor.user} could not be kept`, error);
  }
}
