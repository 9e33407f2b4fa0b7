import { SESSION_COOKIE } from '@/lib/auth/sessions.ts';
import { mayEnterConsole } from '@/lib/console/sight.ts';
import type { Identity } from '@/lib/engine/actor.ts';
import { engineErrorCode } from '@/lib/engine/errors.ts';
import { running } from '@/lib/running.ts';

/** Who is behind this cookie and may see pages; null: must sign in; 'unavailable': the broker does not say who that is. */
export async function signedIn(cookies: {
  get(name: string): { value: string } | undefined;
}): Promise<Identity | 'unavailable' | null> {
  const token = cookies.get(SESSION_COOKIE)?.value;
  if (token === undefined) return null;
  try {
    const { desk, sessions } = running();
    const user = await sessions.user(token);
    if (user === null) return null;
    const identity = await desk.engine.identity(user);
    return identity !== null && mayEnterConsole(identity) ? identity : null;
  } catch (error) {
    if (engineErrorCode(error) === 'UNAVAILABLE') return 'unavailable';
    throw error;
  }
}
