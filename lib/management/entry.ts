/** What an entry of RabbitMQ's management API is: one method on one path, who may call it, and what it does. */
import type { Desk } from '../console/desk.ts';
import type { JsonValue } from '../engine/administration.ts';
import type { Actor, Identity } from '../engine/port.ts';

/** RabbitMQ's tags, from the least to the most; monitoring and policymaker each include management only. */
export type Access = 'anyone' | 'management' | 'policymaker' | 'monitoring' | 'administrator';

export type JsonObject = { [name: string]: JsonValue };

/** A request that has been let in. */
export interface Call {
  desk: Desk;
  actor: Actor;
  identity: Identity;
  /** The `:name` segments of the path, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** {} when there was none. */
  body: JsonObject;
  /** The header X-Reason. */
  reason: string | null;
}

export interface Reply {
  status: number;
  /** Undefined: an empty body. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Entry {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Segments after /api; `:name` takes any one. A `:vhost` must exist and be visible to the caller. */
  path: string;
  access: Access;
  run(call: Call): Promise<Reply>;
  /** A DELETE that is told more than its path; PUT and POST read theirs anyway. */
  readsBody?: true;
  /** What the audit calls it, as 'queue.delete'; every entry but GET has one. */
  action?: string;
}

export function takesBody({ method, readsBody }: Entry): boolean {
  return method === 'PUT' || method === 'POST' || readsBody === true;
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
