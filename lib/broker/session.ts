import type { User } from './permissions/user.ts';
import type { Owner } from './queues/owner.ts';
import type { Vhost } from './vhosts/vhost.ts';

/** On whose behalf a command runs: a user in a vhost, and the connection when there is one. */
export interface Session {
  user: User;
  vhost: Vhost;
  /** Null for the console: it can own no exclusive queue. */
  owner: Owner | null;
}
