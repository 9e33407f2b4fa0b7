/** How the management API refuses, in RabbitMQ's words and with its status codes. */
import { missingRole } from '../operations/required-role.ts';
import { ROLE_REFUSALS } from '../users/role.ts';
import { refusalCode, UNFORESEEN } from '../web/refusal.ts';

export class Failure extends Error {
  readonly status: number;
  readonly error: string;
  readonly headers: Record<string, string>;

  constructor(status: number, error: string, reason: string, headers: Record<string, string> = {}) {
    super(reason);
    this.name = 'Failure';
    this.status = status;
    this.error = error;
    this.headers = headers;
  }
}

export function badRequest(reason: string): Failure {
  return new Failure(400, 'bad_request', reason);
}

export function notFound(reason = 'Not Found'): Failure {
  return new Failure(404, 'Object Not Found', reason);
}

export function notAuthorised(reason: string): Failure {
  return new Failure(401, 'not_authorised', reason);
}

/** What is refused to a command that RabbitMQ gives to its broker itself, without a channel: it does not say why. */
export function asCommand(error: unknown): unknown {
  return refusalCode(error) === 'ACCESS_REFUSED' ? notAuthorised('Access refused.') : error;
}

/** Reasons go into pages: RabbitMQ writes them so. */
function escaped(reason: string): string {
  return reason.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The failure that whatever was thrown is answered with, where `method` was asked for. */
export function failureOf(error: unknown, method: string): Failure {
  if (error instanceof Failure) return error;
  const reason = error instanceof Error ? error.message : String(error);
  switch (refusalCode(error)) {
    case 'NOT_FOUND':
      // As with RabbitMQ: what the path names is not there, or what the body wants is not.
      return method === 'PUT' || method === 'POST' ? new Failure(404, 'not_found', reason) : notFound();
    case 'INVALID_REQUEST':
    case 'PRECONDITION_FAILED':
    case 'RESOURCE_LOCKED':
      return badRequest(escaped(reason));
    case 'NOT_PERMITTED':
      return notAuthorised(ROLE_REFUSALS[missingRole(error) ?? 'management']);
    case 'NOT_ALLOWED':
      return notAuthorised('User not authorised to access virtual host');
    case 'ACCESS_REFUSED':
      return notAuthorised(reason);
    case 'CROSS_SITE':
      return new Failure(403, 'forbidden', reason);
    case 'BODY_TOO_LARGE':
      return badRequest('Exceeded HTTP request body size limit');
    case 'NOT_IMPLEMENTED':
      return new Failure(501, 'not_implemented', reason);
    case 'UNAVAILABLE':
      return new Failure(503, 'unavailable', reason);
    default:
      return new Failure(500, 'internal_error', UNFORESEEN);
  }
}
