/** What a route of RabbitMQ's management API is: one method on one path, who may call it, and what it does. */
import type * as z from 'zod';
import type { Actor, Identity } from '../engine/actor.ts';
import type { Role } from '../users/role.ts';
import type { ManagementDesk } from './desk.ts';

/** Who may call a route. */
export type Access = 'anyone' | Role;

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
  reason: string | null;
}

export interface Reply {
  status: number;
  /** Undefined: an empty body. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface ApiRoute<B = unknown> {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Segments after /api; `:name` takes any one. A `:vhost` must exist and be visible to the caller. */
  path: string;
  access: Access;
  run(call: Call<B>): Promise<Reply>;
  /** What the body says; left out: none is read. No body is read as {}. */
  body?: z.ZodType<B>;
  /** What the query may say. */
  query?: z.ZodObject;
  /** The body of 200; left out: the answer has none. */
  answer?: z.ZodType;
  /** What the audit calls a call of it, as 'queue.delete'; every route but GET has one. */
  action?: string;
}

/** Checks one route's types against each other, and forgets them: the table holds routes of all kinds. */
export function apiRoute<B>(one: ApiRoute<B>): ApiRoute {
  return one;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** The answer to a PUT: whether something came to be or was there. */
export function put({ created }: { created: boolean }): Reply {
  return { status: created ? 201 : 204 };
}

export const NO_CONTENT: Reply = { status: 204 };

export function param(call: Call, name: string): string {
  return call.params[name] ?? '';
}
