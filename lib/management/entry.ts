/** What an entry of RabbitMQ's management API is: one method on one path, who may call it, and what it does. */
import type * as z from 'zod';
import type { Action } from '../audit/actions.ts';
import type { Desk } from '../console/desk.ts';
import type { Actor, Identity } from '../engine/port.ts';

/** RabbitMQ's tags, from the least to the most; monitoring and policymaker each include management only. */
export type Access = 'anyone' | 'management' | 'policymaker' | 'monitoring' | 'administrator';

/** A request that has been let in. */
export interface Call<B = unknown> {
  desk: Desk;
  actor: Actor;
  identity: Identity;
  /** The `:name` segments of the path, decoded; `:props` as it was sent. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** As the entry's schema reads it; undefined where the entry has none. */
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

export interface Entry<B = unknown> {
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
  /** What the audit calls it, as 'queue.delete'; every entry but GET has one. */
  action?: Action;
}

/** Checks one entry's types against each other, and forgets them: the table holds entries of all kinds. */
export function entry<B>(one: Entry<B>): Entry {
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
