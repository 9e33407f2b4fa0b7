/** What HTTP refuses by itself, beside the codes of the engine: the part that both APIs share. Each words it in its own form. */
import { engineErrorCode } from '../engine/errors.ts';

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

/** What nobody foresaw says nothing of itself to the outside. */
export const UNFORESEEN = 'Something unforeseen went wrong; the log of Warren has it.';

/** Codes are compared by name: this class exists once in each of Next's bundles. */
export function refusalCode(error: unknown): string {
  if (error instanceof Error && error.name === 'Refusal' && 'code' in error) return error.code as RefusalCode;
  return engineErrorCode(error);
}
