/** Who asks, and who may sign in. */
/** Who asks: a user that has signed in. */
export interface Actor {
  user: string;
}

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
