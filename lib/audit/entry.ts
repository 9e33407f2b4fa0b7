import type { Action } from './actions.ts';

/** Something that somebody did through the console or the API, or tried to. No secrets in it. */
export interface AuditEntry {
  at: Date;
  user: string;
  remoteAddress: string | null;
  /** One of `ACTIONS`, or what an older Warren called it. */
  action: string;
  vhost: string | null;
  /** Name of what was acted on. */
  object: string | null;
  /** What is worth knowing beyond the names. */
  detail: string;
  /** "ok", or the reason why it failed. */
  outcome: string;
  /** What was there before a change and what is there after it, as JSON text; left out: nothing. */
  before?: string | null;
  after?: string | null;
}

/** `id` grows with time. */
export type KeptAuditEntry = Required<AuditEntry> & { id: number };

/** What an act says of itself; who did it, when and how it ended is known by whoever keeps it. */
export interface AuditNote {
  action: Action;
  vhost?: string;
  object?: string;
  detail?: string;
}
