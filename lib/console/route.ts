/**
 * What a route of the console's HTTP API is. Names of objects travel in the query (GET) or in the JSON body, never in the path:
 * a path loses '', '..' and '//', and all of them are good names for a queue.
 */
import type * as z from 'zod';
import type { Actor, Identity } from '../engine/actor.ts';
import type { Door, Operation } from '../operations/operation.ts';
import { perform } from '../operations/perform.ts';
import type { AuditedRead } from '../operations/reads.ts';
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

/** Of somebody who is signed in and has a tag that opens the console. */
export interface SignedInContext extends RequestContext {
  identity: Identity;
  sessionId: string;
}

interface RouteFor<V extends RequestContext, S extends z.ZodType, O> {
  input: S;
  /** A Response is answered as it is, anything else as JSON. */
  run(desk: Desk, actor: Actor, input: z.output<S>, context: V): Promise<O>;
  /** The look that the audit keeps: of every route that shows what messages say, and of the audit's export. */
  read?: AuditedRead<z.output<S>>;
  /** What the route performs: every route has one that changes more than the caller's own session. */
  operation?: Operation;
}

type OpenRoute<S extends z.ZodType, O> = { allow: 'anyone' } & RouteFor<RequestContext, S, O>;
type ConsoleRoute<S extends z.ZodType, O> = { allow: 'console' } & RouteFor<SignedInContext, S, O>;

export type Route<S extends z.ZodType = z.ZodType, O = unknown> = OpenRoute<S, O> | ConsoleRoute<S, O>;

/** By method and path. */
export type Routes = Record<`${'GET' | 'POST' | 'DELETE'} /${string}`, Route>;

export function route<S extends z.ZodType, O>(one: RouteFor<SignedInContext, S, O>): ConsoleRoute<S, O> {
  return { allow: 'console', ...one };
}

export function openRoute<S extends z.ZodType, O>(one: RouteFor<RequestContext, S, O>): OpenRoute<S, O> {
  return { allow: 'anyone', ...one };
}

/** Does what its input says. */
export function acting<S extends z.ZodType, O>(operation: Operation<S, O>): ConsoleRoute<S, O> {
  return route({
    input: operation.input,
    operation,
    run: (desk, actor, input, context) => perform(operation, input, { desk, actor, door: doorOf(context) }),
  });
}

export function doorOf({ remoteAddress }: RequestContext): Door {
  return { remoteAddress, by: '' };
}
