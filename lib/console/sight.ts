/** Who sees what: the one rule for pages, figures and events. Everything shown is of vhosts that the user may look into. */
import type { Actor, Identities, Identity } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import type { Scope } from '../metrics/histories.ts';
import { hasRole } from '../users/role.ts';

export interface Sight {
  user: string;
  /** All vhosts, everybody's connections, and the node. */
  seesAll: boolean;
  /** What was done to users, and who signed in. */
  isAdministrator: boolean;
  /** Vhosts that the user may enter. */
  vhosts: ReadonlySet<string>;
}

export function mayEnterConsole({ tags }: Identity): boolean {
  return hasRole(tags, 'management');
}

/** Null: a stranger, who sees nothing. */
export function sightOf(identity: Identity | null): Sight {
  const { user, tags, vhosts } = identity ?? { user: '', tags: [], vhosts: [] };
  return {
    user,
    seesAll: hasRole(tags, 'monitoring'),
    isAdministrator: hasRole(tags, 'administrator'),
    vhosts: new Set(vhosts),
  };
}

export function seesVhost({ seesAll, vhosts }: Sight, vhost: string): boolean {
  return seesAll || vhosts.has(vhost);
}

/** All that the user sees. */
export function wholeScopeOf({ seesAll, vhosts }: Sight): Scope {
  return seesAll ? 'broker' : [...vhosts];
}

/** What figures are about: all that the user sees, or one vhost of it. Throws ACCESS_REFUSED for another one. */
export async function scopeOf(
  { engine }: { engine: Pick<Identities, 'listVhosts'> },
  actor: Actor,
  sight: Sight,
  vhost?: string,
): Promise<Scope> {
  if (vhost === undefined) return wholeScopeOf(sight);
  if (!(await engine.listVhosts(actor)).includes(vhost))
    throw new EngineError('ACCESS_REFUSED', `access to vhost '${vhost}' refused for user '${actor.user}'`);
  return [vhost];
}
