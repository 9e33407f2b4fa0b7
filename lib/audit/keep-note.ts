import type { Actor } from '../engine/actor.ts';
import { currentLog, errorText } from '../log.ts';
import type { AuditLog } from './audit-log.ts';
import type { Difference } from './difference.ts';
import type { AuditNote } from './entry.ts';
import { keptText } from './kept-text.ts';

/** What is noted is over by now: a log that cannot be written must not make it look undone. */
export async function keepNote(
  audit: Pick<AuditLog, 'add'>,
  actor: Actor,
  remoteAddress: string,
  note: AuditNote,
  outcome: string,
  difference: Partial<Difference> = {},
): Promise<void> {
  const { action } = note;
  const [vhost, object, detail] = [keptName(note.vhost), keptName(note.object), keptText(note.detail ?? '')];
  try {
    // Who signs in is nobody yet; the name that was tried is the object.
    const user = actor.kind === 'stranger' ? (object ?? '') : actor.user;
    await audit.add({ at: new Date(), user, remoteAddress, action, vhost, object, detail, outcome, ...difference });
  } catch (error) {
    currentLog()('error', `audit: ${action} by ${actor.user} could not be kept: ${errorText(error)}`);
  }
}

function keptName(name: string | undefined): string | null {
  return name === undefined ? null : keptText(name);
}
