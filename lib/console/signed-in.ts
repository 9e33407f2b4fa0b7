import { SESSION_COOKIE } from '../auth/sessions.ts';
import { currentRecords } from '../auth/slot.ts';
import { engineErrorCode } from '../engine/errors.ts';
import type { Identity } from '../engine/port.ts';
import { currentEngine } from '../engine/slot.ts';
import { mayUse } from '../operations/tag.ts';

/** Who is behind this cookie and may see pages; null: must sign in; 'unavailable': the broker does not say who that is. */
export async function signedIn(cookies: {
  get(name: string): { value: string } | undefined;
}): Promise<Identity | 'unavailable' | null> {
  const token = cookies.get(SESSION_COOKIE)?.value;
  const user = token === undefined ? null : ((await currentRecords()?.sessions.user(token)) ?? null);
  if (user === null) return null;
  try {
    const identity = await currentEngine().identity(user);
    return identity !== null && mayUse(identity.tags, 'management') ? identity : null;
  } catch (error) {
    if (engineErrorCode(error) === 'UNAVAILABLE') return 'unavailable';
    throw error;
  }
}
