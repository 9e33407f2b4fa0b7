import type * as z from 'zod';
import type { AuditNote } from '../audit/entry.ts';
import type { Actor, Identity } from '../engine/actor.ts';
import type { Desk } from './desk.ts';

/** What is known of a request besides its input. */
export interface RequestContext {
  remoteAddress: string;
  identity: Identity | null;
  /** Begins (a user's name) or ends (null) the session of this browser. */
  setSession(user: string | null): Promise<void>;
  /** Names the session that asks; null: nobody is signed in. */
  sessionId: string | null;
  /** Whether the session goes on; asking does not prolong it. */
  isSignedIn(): Promise<boolean>;
  /** The header Last-Event-ID. */
  lastEventId: string | null;
  /** Aborted when the browser is gone. */
  signal: AbortSignal;
}

/**
 * One entry of the console's HTTP API. Names of objects travel in the query (GET) or in the JSON body, never in the
 * path: a path loses '', '..' and '//', and all of them are good names for a queue.
 */
export interface Route<I = unknown, O = unknown> {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  input: z.ZodType<I>;
  /** 'console': who is signed in and has a tag that opens the console. */
  allow: 'anyone' | 'console';
  /** A Response is answered as it is, anything else as JSON. */
  run(desk: Desk, actor: Actor, input: I, context: RequestContext): Promise<O>;
  /** Every route that changes something has a note; `output` is undefined when refused. Null: the act is kept elsewhere. */
  audit?: (input: I, output: O | undefined, outcome: string) => AuditNote | null;
  /** Reads what is changed, as it is now: the audit keeps it from before and after. */
  subject?: (desk: Desk, actor: Actor, input: I) => Promise<unknown>;
  /** Every route that shows what messages say has one; the same read is kept once in a while. */
  reads?: (input: I) => AuditNote;
}

/** Checks one route's types against each other, and forgets them: the table holds routes of all kinds. */
export function route<I, O>(entry: Route<I, O>): Route {
  return entry as Route;
}
