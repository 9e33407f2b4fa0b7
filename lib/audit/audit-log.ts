import type { AuditEntry, KeptAuditEntry } from './entry.ts';

/** Where entries are kept: `lib/db` has the rows. */
export interface AuditLog {
  /** The entry's id. */
  add(entry: AuditEntry): Promise<number>;
  /** What an entry counts is another now. */
  amend(id: number, to: Pick<AuditEntry, 'detail' | 'outcome'>): Promise<void>;
  /** Entries, newest first, older than the entry `beforeId` where it is given. */
  find(filter: AuditFilter, limit: number, beforeId?: number): Promise<KeptAuditEntry[]>;
  /** Removes what is older than `before`, and the oldest beyond `countMax`. Returns how many. */
  prune(before: Date, countMax: number): Promise<number>;
}

/** What is not given does not matter. */
export interface AuditFilter {
  user?: string;
  /** A noun such as "queue", or noun and verb. */
  action?: string;
  vhost?: string;
  /** A part of the object's name. */
  object?: string;
  /** Actions that do not count. */
  without?: readonly string[];
  outcome?: 'ok' | 'failed';
  /** Inclusive, and exclusive. */
  from?: Date;
  to?: Date;
  visible?: VisibleEntries;
}

/** Which entries somebody may see. */
export interface VisibleEntries {
  /** Entries about these vhosts; null: about all. */
  vhosts: readonly string[] | null;
  /** Entries about no vhost: those of this user; null: everybody's. */
  outside: string | null;
}
