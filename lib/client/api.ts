import type { RefusalBody } from '../console/refusal.ts';
import type { Api } from '../console/routes.ts';
import { CONSOLE_API } from './paths.ts';

/** What the console's API refused, or that it could not be reached (status 0). `message` is the broker's own reason. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, reason: string) {
    super(reason);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

type Method = 'GET' | 'POST' | 'DELETE';
/** The paths that take a method and answer with JSON. */
type Path<M extends Method> = {
  [P in keyof Api]: P extends `${M} ${infer Path}` ? (Api[P]['output'] extends Response ? never : Path) : never;
}[keyof Api];
type At<M extends Method, P extends string> = Api[`${M} ${P}` & keyof Api];
/** What a route takes, and what it answers. */
export type Input<M extends Method, P extends Path<M>> = At<M, P>['input'];
export type Output<M extends Method, P extends Path<M>> = At<M, P>['output'];

/** Asks; `undefined` parameters are left out. */
export function ask<P extends Path<'GET'>>(
  path: P,
  query: Input<'GET', P> & object,
  signal?: AbortSignal,
): Promise<Output<'GET', P>> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  const search = parameters.size === 0 ? '' : `?${parameters}`;
  return send(`${path}${search}`, { method: 'GET', ...(signal === undefined ? {} : { signal }) });
}

/** Changes something, or asks what does not fit a query. */
export function act<M extends 'POST' | 'DELETE', P extends Path<M>>(
  method: M,
  path: P,
  input: Input<M, P>,
): Promise<Output<M, P>> {
  return send(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) });
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`${CONSOLE_API}${path}`, { ...init, credentials: 'same-origin', cache: 'no-store' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'UNREACHABLE', 'Warren does not answer. It may be stopping or restarting.');
  }
  if (response.ok) return (await response.json()) as T;
  const body = (await response.json().catch(() => null)) as RefusalBody | null;
  throw new ApiError(
    response.status,
    body?.error ?? 'INTERNAL_ERROR',
    body?.reason ?? `Warren answered ${response.status}.`,
  );
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'UNAUTHENTICATED';
}

/** What was asked for is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
