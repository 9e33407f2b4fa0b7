/**
 * From a request to a response: route, who asks, input, run, keep audited reads, map errors. Roles are asked by
 * operations/perform.ts; two routes that stream answer a Response of their own.
 */
import type * as z from 'zod';
import { type Actor, STRANGER } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import { currentLog, errorText } from '../log.ts';
import { keepRead } from '../operations/reads.ts';
import { jsonAnswer } from '../web/json-answer.ts';
import { readJson } from '../web/json-body.ts';
import { refuseOtherSites } from '../web/other-sites.ts';
import { Refusal } from '../web/refusal.ts';
import { isMalformed } from '../web/sent-path.ts';
import type { Desk } from './desk.ts';
import { refusalOf } from './refusal.ts';
import { doorOf, type RequestContext, type Route, type SignedInContext } from './route.ts';
import { findRoute } from './routes.ts';
import { mayEnterConsole } from './sight.ts';

/** What the shell around knows of the browser that asks. */
export interface Caller {
  remoteAddress: string;
  /** The signed-in user's name; null for a stranger. */
  user: string | null;
  setSession(user: string | null): Promise<void>;
  /** Names the session; null for a stranger. */
  sessionId: string | null;
  /** Whether the session goes on; asking does not prolong it. */
  isSignedIn(): Promise<boolean>;
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export async function answer(desk: Desk, request: Request, path: string, caller: Caller): Promise<Response> {
  try {
    const route = routeFor(request.method, path);
    if (request.method !== 'GET') refuseOtherSites(request);
    const identity = caller.user === null ? null : await desk.engine.identity(caller.user);
    const context: RequestContext = {
      ...caller,
      identity,
      lastEventId: request.headers.get('last-event-id'),
      signal: request.signal,
    };
    const output = await outputOf(desk, route, actorOf(context), request, context);
    return output instanceof Response
      ? output
      : await jsonAnswer(request, JSON.stringify(output), { headers: HEADERS });
  } catch (error) {
    const { status, body } = refusalOf(error);
    if (status === 500) currentLog()('error', `console: ${request.method} ${path} failed: ${errorText(error)}`);
    return jsonAnswer(request, JSON.stringify(body), { status, headers: HEADERS });
  }
}

function actorOf({ identity, sessionId }: RequestContext): Actor {
  if (identity === null || sessionId === null) return STRANGER;
  return { kind: 'session', user: identity.user, session: sessionId };
}

function routeFor(method: string, path: string): Route {
  if (isMalformed(path)) throw new EngineError('INVALID_REQUEST', 'the path is not percent-encoded as it should be');
  const found = findRoute(method, path);
  if (found === undefined) throw new Refusal('NO_SUCH_ROUTE', `there is no ${path} here`);
  if ('methods' in found) throw new Refusal('METHOD_NOT_ALLOWED', `${path} takes ${found.methods.join(', ')}`);
  return found;
}

async function outputOf(
  desk: Desk,
  route: Route,
  actor: Actor,
  request: Request,
  context: RequestContext,
): Promise<unknown> {
  if (route.allow === 'anyone') return route.run(desk, actor, parse(route.input, await readInput(request)), context);
  const signedIn = requireSignedIn(context);
  const input = parse(route.input, await readInput(request));
  const output = await route.run(desk, actor, input, signedIn);
  if (route.read !== undefined) await keepRead(route.read, input, { desk, actor, door: doorOf(context) });
  return output;
}

function requireSignedIn(context: RequestContext): SignedInContext {
  const { identity, sessionId } = context;
  if (identity === null || sessionId === null)
    throw new Refusal('UNAUTHENTICATED', 'You are not signed in, or your session has ended.');
  if (!mayEnterConsole(identity))
    throw new Refusal('NOT_PERMITTED', `User '${identity.user}' may not use the console.`);
  return { ...context, identity, sessionId };
}

async function readInput(request: Request): Promise<unknown> {
  if (request.method === 'GET') return Object.fromEntries(new URL(request.url).searchParams);
  return readJson(request);
}

function parse<I>(schema: z.ZodType<I>, raw: unknown): I {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.slice(0, 5).map((issue) => {
    const at = issue.path.join('.');
    return at === '' ? issue.message : `${at}: ${issue.message}`;
  });
  throw new EngineError('INVALID_REQUEST', reasons.join('; '));
}
