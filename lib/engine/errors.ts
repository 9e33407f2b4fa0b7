/** What an engine refuses, as AMQP words it. `code` decides; never compare with instanceof across bundles, nor by text. */
export type EngineErrorCode =
  | 'NOT_FOUND'
  | 'PRECONDITION_FAILED'
  | 'ACCESS_REFUSED'
  | 'RESOURCE_LOCKED'
  | 'NOT_ALLOWED'
  | 'INVALID_REQUEST'
  | 'UNAVAILABLE'
  /** This broker has no such thing; its capabilities say why. */
  | 'NOT_IMPLEMENTED'
  | 'INTERNAL_ERROR';

export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
  }
}

/** The code of whatever was thrown; INTERNAL_ERROR for what is not an engine's error. */
export function engineErrorCode(error: unknown): EngineErrorCode {
  if (error instanceof Error && error.name === 'EngineError' && 'code' in error) return error.code as EngineErrorCode;
  return 'INTERNAL_ERROR';
}
