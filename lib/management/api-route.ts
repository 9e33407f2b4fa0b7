/** What a route of RabbitMQ's management API is: one method on one path, who may call it, and what it does. */
import type * as z from 'zod';
import type { Actor, Identity } from '../engine/actor.ts';
import type { Operation } from '../operations/operation.ts';
import { perform } from '../operations/perform.ts';
import type { Role } from '../users/role.ts';
import type { ManagementDesk } from './desk.ts';

/** Who may call a route. */
export type Access = 'anyone' | Role;

/** How what comes through here came in, for the audit. */
export const BY_API = 'by API';

/** A request that has been let in. */
export interface Call<B = unknown> {
  desk: ManagementDesk;
  actor: Actor;
  identity: Identity;
  /** The `:name` segments of the path, decoded; `:props` as it was sent. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** The body as the route's schema reads it; undefined where the route has none. */
  body: B;
  /** The header X-Reason. */
  reason: string | undefined;
  remoteAddress: string;
}

export interface Reply {
  status: number;
  /** Undefined: an empty body. */
  body?: unknown;
  headers?: Record<string, string>;
}

interface Form<B> {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Segments after /api; `:name` takes any one. A `:vhost` must exist and be visible to the caller. */
  path: string;
  /** What the body says; left out: none is read. No body is read as {}. */
  body?: z.ZodType<B>;
  /** What the query may say. */
  query?: z.ZodObject;
  /** The body of 200; left out: the answer has none. */
  answer?: z.ZodType;
}

export interface ApiRoute extends Form<unknown> {
  access: Access;
  run(call: Call): Promise<Reply>;
  /** What a route of any method but GET performs. */
  operation?: Operation<z.ZodType, unknown, ManagementDesk>;
}

/** A route that performs an operation: how RabbitMQ's request becomes its input, and its output or refusal an answer. */
interface ActingRoute<B, S extends z.ZodType, O> extends Form<B> {
  operation: Operation<S, O, ManagementDesk>;
  /** What path, query and body name; it asks nobody, so that every act has an input that the audit can keep. */
  input(call: Call<B>): z.output<S>;
  /** The input in full, where the request names by other means than the operation; refused here, the act is refused. */
  lookUp?(call: Call<B>, input: z.output<S>): Promise<z.output<S>>;
  /** Left out: 204. */
  reply?(output: O, call: Call<B>): Reply | Promise<Reply>;
  /** What is answered to an error; left out: what any route answers to it. */
  refused?(error: unknown, call: Call<B>): unknown;
}

/** Checks the types of a route and of its operation against each other, and forgets them: the table holds routes of all kinds. */
export function acting<B, S extends z.ZodType, O>(one: ActingRoute<B, S, O>): ApiRoute {
  const { operation, input, lookUp, reply = () => NO_CONTENT, refused = (error) => error, ...form } = one;
  return {
    ...form,
    operation,
    access: operation.role ?? 'anyone',
    async run(unread) {
      const call = unread as Call<B>;
      const { desk, actor, remoteAddress } = call;
      const doer = { desk, actor, door: { remoteAddress, by: BY_API } };
      const part = { lookUp: lookUp && ((named: z.output<S>) => lookUp(call, named)) };
      const output = await perform(operation, input(call), doer, part).catch((error: unknown) => {
        throw refused(error, call);
      });
      return reply(output, call);
    },
  };
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** The answer to a PUT: whether something came to be or was there. */
export function put({ created }: { created: boolean }): Reply {
  return { status: created ? 201 : 204 };
}

const NO_CONTENT: Reply = { status: 204 };

/** Several of them by their names. */
export function named<K extends string>(call: Call, ...names: K[]): Record<K, string> {
  return Object.fromEntries(names.map((name) => [name, param(call, name)])) as Record<K, string>;
}

export function param(call: Call, name: string): string {
  return call.params[name] ?? '';
}
