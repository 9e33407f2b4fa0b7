import type { Actor } from '../../../lib/engine/actor.ts';

export function apiUser(user: string): Actor {
  return { kind: 'api', user };
}
