/**
 * What a route of the console's HTTP API is. Names of objects travel in the query (GET) or in the JSON body, never in the path:
 * a path loses '', '..' and '//', and all of them are good names for a queue.
 */
import type * as z from 'zod';
import type { Actor, Identity } from '../engine/port.ts';
import type { Look } from '../operations/looks.ts';
import type { Door, Operation } from '../operations/operation.ts';
import { perform } from '../operations/perform.ts';
import { mayUse } from '../operations/tag.ts';
import { Refusal } from '../web/refusal.ts';
import type { Desk } from './desk.ts';

/** What a visit says besides its input. */
export interface Visit {
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
export interface SignedInVisit extends Visit {
  identity: Identity;
  sessionId: string;
}

interface RouteFor<V extends Visit, S extends z.ZodType, O> {
  input: S;
  /** A Response is answered as it is, anything else as JSON. */
  run(desk: Desk, actor: Actor, input: z.output<S>, visit: V): Promise<O>;
  /** Every route that shows what messages say has one. */
  look?: Look<z.output<S>>;
  /** Every route that changes something performs one. */
  operation?: Operation;
}

type OpenRoute<S extends z.ZodType, O> = { allow: 'anyone' } & RouteFor<Visit, S, O>;
type ConsoleRoute<S extends z.ZodType, O> = { allow: 'console' } & RouteFor<SignedInVisit, S, O>;

export type Route<S extends z.ZodType = z.ZodType, O = unknown> = OpenRoute<S, O> | ConsoleRoute<S, O>;

/** By method and path. */
export type Routes = Record<`${'GET' | 'POST' | 'DELETE'} /${string}`, Route>;

export function route<S extends z.ZodType, O>(one: RouteFor<SignedInVisit, S, O>): ConsoleRoute<S, O> {
  return { allow: 'console', ...one };
}

export function openRoute<S extends z.ZodType, O>(one: RouteFor<Visit, S, O>): OpenRoute<S, O> {
  return { allow: 'anyone', ...one };
}

/** Does what its input says. */
export function acting<S extends z.ZodType, O>(operation: Operation<S, O>): ConsoleRoute<S, O> {
  return route({
    input: operation.input,
    operation,
    async run(desk, actor, input, visit) {
      const { user, tags } = visit.identity;
      if (operation.tag !== null && !mayUse(tags, operation.tag))
        throw new Refusal('NOT_PERMITTED', `User '${user}' needs the tag ${operation.tag}.`);
      return perform(operation, input, { desk, actor, door: doorOf(visit) });
    },
  });
}

export function doorOf({ remoteAddress }: Visit): Door {
  return { remoteAddress, by: '' };
}
