import { engineErrorCode } from '../engine/errors.ts';

/** What the console itself refuses, beside the engine's codes. */
export type RefusalCode =
  | 'UNAUTHENTICATED'
  | 'NOT_PERMITTED'
  | 'CROSS_SITE'
  | 'NO_SUCH_ROUTE'
  | 'METHOD_NOT_ALLOWED'
  | 'BODY_TOO_LARGE'
  | 'TOO_MANY_ATTEMPTS'
  | 'TOO_MANY_STREAMS';

export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

/**
 * HTTP status by code. PRECONDITION_FAILED is 409: it speaks of the state of a queue, whereas 412 would speak of
 * conditional request headers. NOT_ALLOWED (AMQP 530: no access to that vhost) is a 403.
 */
const STATUS: Record<string, number> = {
  INVALID_REQUEST: 400,
  UNAUTHENTICATED: 401,
  ACCESS_REFUSED: 403,
  NOT_ALLOWED: 403,
  NOT_PERMITTED: 403,
  CROSS_SITE: 403,
  NOT_FOUND: 404,
  NO_SUCH_ROUTE: 404,
  METHOD_NOT_ALLOWED: 405,
  PRECONDITION_FAILED: 409,
  BODY_TOO_LARGE: 413,
  RESOURCE_LOCKED: 423,
  TOO_MANY_ATTEMPTS: 429,
  TOO_MANY_STREAMS: 429,
  INTERNAL_ERROR: 500,
  UNAVAILABLE: 503,
};

export interface RefusalBody {
  error: string;
  reason: string;
}

/** Codes are compared by name: this class exists once in each of Next's bundles. */
export function refusalCode(error: unknown): string {
  if (error instanceof Error && error.name === 'Refusal' && 'code' in error) return error.code as RefusalCode;
  return engineErrorCode(error);
}

/** The answer to whatever was thrown. What nobody foresaw says nothing of itself to the outside. */
export function refusalOf(error: unknown): { status: number; body: RefusalBody } {
  const code = refusalCode(error);
  const status = STATUS[code] ?? 500;
  const reason =
    status === 500 ? 'Something unforeseen went wrong; the log of Warren has it.' : (error as Error).message;
  return { status, body: { error: code, reason } };
}
