/** Patterns in bodies and answers. */
import * as z from 'zod';
import { patternError } from '../../pattern/pattern.ts';
import { requiredText } from './sent-value.ts';

export const pattern = requiredText.superRefine((value, context) => {
  const error = patternError(value);
  if (error !== null) context.addIssue(`invalid_regexp ${value}: ${error.message}`);
});

/** Why a stored pattern cannot be used; RabbitMQ has no such field. */
export const patternProblem = z
  .string()
  .optional()
  .meta({ description: 'Why a pattern of it cannot be used: it matches nothing.' });

export function problemField(problem: string | undefined): { pattern_problem?: string } {
  return problem === undefined ? {} : { pattern_problem: problem };
}
