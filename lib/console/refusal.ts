/** How the console's API refuses. */
import { refusalCode, UNFORESEEN } from '../web/refusal.ts';

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
  NOT_IMPLEMENTED: 501,
  UNAVAILABLE: 503,
};

export interface RefusalBody {
  error: string;
  reason: string;
}

/** The answer to whatever was thrown. */
export function refusalOf(error: unknown): { status: number; body: RefusalBody } {
  const code = refusalCode(error);
  const status = STATUS[code] ?? 500;
  return { status, body: { error: code, reason: status === 500 ? UNFORESEEN : (error as Error).message } };
}
