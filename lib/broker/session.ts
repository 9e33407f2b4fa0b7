import type { Owner } from './owner.ts';
import type { User } from './user.ts';
import type { Vhost } from './vhost.ts';

/** On whose behalf a command runs: a user in a vhost, and the connection when there is one. */
export interface Session {
  user: User;
  vhost: Vhost;
  /** Null for the console: it can own no exclusive queue. */
  owner: Owner | null;
}
