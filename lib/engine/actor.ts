/** Who asks, and who may sign in. */

/** Nobody yet: a stranger may sign in, and is refused everything else. */
export const STRANGER = { kind: 'stranger', user: '' } as const;

/** Who asks. `user`: whose rights count, those of the moment at which the broker is asked. */
export type Actor =
  | typeof STRANGER
  /** A user that has signed in to the console. */
  | { kind: 'session'; user: string; session: string }
  /** A user of the HTTP API, who shows a password with each request. */
  | { kind: 'api'; user: string }
  /** A job, named, that acts for the user that owns it. */
  | { kind: 'job'; user: string; job: string };

/** A user that may sign in to the console. */
export interface Identity {
  user: string;
  tags: string[];
  /** Vhosts this user may enter. */
  vhosts: string[];
}

export interface Identities {
  /** Null when name or password is wrong, or when the user may not come from that address. */
  authenticate(name: string, password: string, remoteAddress: string): Promise<Identity | null>;
  identity(user: string): Promise<Identity | null>;
  /** Vhosts the actor may look into: all for administrators and monitoring, else those it may enter. So for lists. */
  listVhosts(actor: Actor): Promise<string[]>;
}

/** The commands by name; the table has to be complete. */
export const IDENTITIES: Record<keyof Identities, true> = { authenticate: true, identity: true, listVhosts: true };
